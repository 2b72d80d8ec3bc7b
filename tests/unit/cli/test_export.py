"""`tinypack export`: what it prints, which options each kind takes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.registries import SignedRegistry, served
from tinypack.cli.export_command import command
from tinypack.errors import TinypackError
from tinypack.registry.exports import EXPORTS

URL = "https://git.example.org/x"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "registry"
    signed = SignedRegistry(folder)
    signed.made.add("door-guard", "1.0.0")
    signed.made.add("door-guard", "1.0.1", yanked="wrong labels")
    signed.publish()
    return folder


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYPACK_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("kind", EXPORTS)
def test_what_is_written_and_left_out(kind: str, registry: Path, tmp_path: Path) -> None:
    url = ("--url", URL) if EXPORTS[kind].URL_IS else ()
    with served(registry) as address:
        done = run(kind, "door-guard@^1", "--registry", address, "--output", tmp_path / "out", *url, "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.output)
    assert said["versions"] == ["door-guard 1.0.0"]
    assert said["left_out"] == ["door-guard 1.0.1: yanked: wrong labels"]
    assert all(Path(path).exists() for path in said["paths"])


def test_words_for_people(registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYPACK_REGISTRY", str(registry))
    done = run("zephyr-git", "--output", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert str(tmp_path / "out" / "door-guard.git") in done.output
    assert "left out: door-guard 1.0.1: yanked: wrong labels" in done.output


def test_a_folder_is_no_address_for_arduino_cli(registry: Path, tmp_path: Path) -> None:
    done = run("library-index", "--registry", registry, "--output", tmp_path / "out")
    assert isinstance(done.exception, TinypackError)
    assert done.exception.problems[0].code == "unreachable"


@pytest.mark.parametrize(
    "words",
    [("nothing",), ("west", "--registry", "r", "--output", "o"), ("cmake", "--url", URL), ("cmake", "--registry", "r")],
)
def test_wrong_use(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_help_names_every_kind() -> None:
    text = run("--help").output
    assert all(kind in text for kind in EXPORTS)
    for kind, exporter in EXPORTS.items():
        assert ("--url" in run(kind, "--help").output) == bool(exporter.URL_IS)


@pytest.mark.parametrize("url", ["x", "modules", "/srv/modules", "https://x y"])
def test_an_address_is_one(url: str, registry: Path, tmp_path: Path) -> None:
    done = run("west", "--registry", registry, "--output", tmp_path / "o", "--url", url)
    assert isinstance(done.exception, TinypackError) and "an address is such as" in str(done.exception)
    assert not (tmp_path / "o").exists()
