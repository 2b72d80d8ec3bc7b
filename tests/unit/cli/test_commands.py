from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.models import model_bytes
from tinypack.manifest import load_project


def tinypack(*args: object, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-c", "from tinypack.cli import main; main()", *map(str, args)]
    whole = {**os.environ, "NO_COLOR": "1", **env}
    return subprocess.run(argv, cwd=cwd, env=whole, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hello.tflite").write_bytes(model_bytes("hello_world_int8"))
    return tmp_path


@pytest.mark.parametrize("command", ["boards", "formats", "operators"])
def test_lists(command: str, tmp_path: Path) -> None:
    assert len(tinypack(command, cwd=tmp_path).stdout.splitlines()) > 3
    assert len(json.loads(tinypack(command, "--json", cwd=tmp_path).stdout)) > 3


def test_init_build_inspect(folder: Path) -> None:
    assert tinypack("init", "hello.tflite", "--name", "hi-there", cwd=folder).returncode == 0
    assert load_project(folder).names.prefix == "hi_there"
    assert tinypack("init", "hello.tflite", cwd=folder).returncode == 1  # overwrites nothing
    built = tinypack("build", "--json", cwd=folder)
    assert json.loads(built.stdout)["name"] == "hi-there"
    assert tinypack("build", "--quiet", cwd=folder).stdout == ""
    assert json.loads(tinypack("inspect", "--json", cwd=folder).stdout)["arena_bytes"] == 32
    assert "FULLY_CONNECTED" in tinypack("inspect", "--picture", "memory.svg", cwd=folder).stdout
    assert (folder / "memory.svg").read_text().startswith("<svg")


def test_schema_and_completion(tmp_path: Path) -> None:
    assert json.loads(tinypack("schema", cwd=tmp_path).stdout)["title"] == "Manifest"
    assert "_TINYPACK_COMPLETE" in tinypack("completion", "bash", cwd=tmp_path).stdout


def test_doctor_does_not_claim_what_is_optional(tmp_path: Path) -> None:
    lines = tinypack("doctor", "--board", "native", cwd=tmp_path, ZEPHYR_BASE="").stdout.splitlines()
    assert [line.split()[1:3] for line in lines if line.startswith("Zephyr")] == [["optional", "-"]]


def test_what_the_user_can_mend_is_exit_1(folder: Path) -> None:
    (folder / "bad.tflite").write_bytes(b"TFL3")
    done = tinypack("build", "bad.tflite", cwd=folder)
    assert done.returncode == 1
    assert done.stderr.count("Traceback") == 0
    assert all(word in done.stderr for word in ("error[bad-model]: bad.tflite", "rule:", "found:", "hint:"))


def test_usage_is_exit_2(tmp_path: Path) -> None:
    assert tinypack("build", "--nonsense", cwd=tmp_path).returncode == 2
    assert tinypack("build", "nowhere", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize("command", [("operators",), ("schema",), ("inspect", "hello.tflite")])
def test_nobody_reads_on(command: tuple[str, ...], folder: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    argv = [sys.executable, "-c", "from tinypack.cli import main; main()", *command]
    done = subprocess.run(argv, cwd=folder, stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_an_encoding_that_lacks_letters(folder: Path) -> None:
    (folder / "hello.tflite").rename(folder / "grüße.tflite")
    done = tinypack("init", "grüße.tflite", cwd=folder, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    text = '[package]\nname = "hello"\ndescription = "Grüße"\n[model]\nfile = "grüße.tflite"\n'
    (folder / "tinypack.toml").write_text(text, encoding="utf-8")
    built = tinypack("build", "--json", "--output", "gebäude", cwd=folder, PYTHONIOENCODING="ascii")
    assert json.loads(built.stdout)["description"] == "Grüße"
    said = tinypack("build", "--output", "gebäude", cwd=folder, PYTHONIOENCODING="ascii").stdout
    assert "in geb?ude" in said


@pytest.mark.parametrize(("name", "hint"), [("🙂", "model"), ("My Model!", "my-model"), ("", "model"), ("a\nb", "a-b")])
def test_init_proposes_a_name(name: str, hint: str, folder: Path) -> None:
    done = tinypack("init", "hello.tflite", "--name", name, cwd=folder)
    assert (done.returncode, list(folder.glob("*.toml"))) == (1, [])
    assert "error[bad-manifest]: the package's name\n" in done.stderr
    assert f'hint:  "{hint}" would do' in done.stderr


@pytest.mark.parametrize("name", [b"a\nb.tflite", b"\xff.tflite"])
@pytest.mark.parametrize("command", ["init", "build"])
def test_file_names_that_are_no_text(command: str, name: bytes, folder: Path) -> None:
    odd = folder / os.fsdecode(name)
    (folder / "hello.tflite").rename(odd)
    done = tinypack(command, odd, cwd=folder)
    assert done.returncode == 1
    assert "rename the file" in done.stderr


def test_a_bug_is_exit_3_with_a_log(tmp_path: Path) -> None:
    code = (
        "import tinypack.cli, tinypack.boards\n"
        "tinypack.boards.load_boards = lambda: 1 / 0\n"
        "import sys; sys.argv = ['tinypack', 'boards']; tinypack.cli.main()"
    )
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
    assert "ZeroDivisionError" in next(tmp_path.glob("tinypack-*.log")).read_text()
