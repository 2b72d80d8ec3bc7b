from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.support.content import make_content
from tests.support.machine import need
from tinypack.errors import TinypackError
from tinypack.formats import FORMATS, build_artifact, package_files
from tinypack.formats.archive import content_date
from tinypack.formats.unpack import read_archive
from tinypack.package import Content

EMULATOR = Path(__file__).parents[3] / "tinypack" / "emulator"
STRICT = ("-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wcast-qual", "-fsyntax-only")

#: What packages differ by: labels or none, one port or several, names that other tools keep for themselves.
CONTENTS: dict[str, dict[str, object]] = {
    "labels": {},
    "no labels": {"name": "help", "labels": ()},
    "several ports": {"name": "yes", "ports": 2},
    "much said": {
        "name": "kws",
        "version": "1.2.3-rc.1",
        "license": "MIT OR Apache-2.0",
        "description": 'A *"quoted"* | sentence',
        "authors": ["Zoë <zoe@example.org>", "Ada"],
        "repository": "https://example.org/kws.git",
        "keywords": ["audio", "kws"],
    },
    "little said": {"name": "on", "license": "NOASSERTION", "authors": ["unknown"]},
}


@cache
def content(which: str) -> Content:
    return make_content(**CONTENTS[which])  # type: ignore[arg-type]


@pytest.fixture(params=CONTENTS)
def any_content(request: pytest.FixtureRequest) -> Content:
    return content(request.param)


@pytest.fixture(params=FORMATS)
def files(request: pytest.FixtureRequest, any_content: Content) -> Mapping[str, bytes]:
    return package_files(FORMATS[request.param], any_content)


def write(files: Mapping[str, bytes], folder: Path) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def run(*command: str | Path, stdin: bytes = b"", code: int = 0) -> str:
    done = subprocess.run([*map(str, command)], input=stdin, capture_output=True, timeout=100)
    assert done.returncode == code, (done.stdout + done.stderr).decode()
    return done.stdout.decode()


def test_order_and_file_names() -> None:
    assert [(name, format.filename(content("labels").manifest.package)) for name, format in FORMATS.items()] == [
        ("arduino", "kws-ref-0.1.0-arduino.zip"),
        ("platformio", "kws-ref-0.1.0.tar.gz"),
        ("zephyr", "kws-ref-0.1.0-zephyr.tar.gz"),
        ("cmake", "kws-ref-0.1.0-cmake.tar.gz"),
        ("esp-idf", "kws-ref-0.1.0-esp-idf.tar.gz"),
        ("cmsis-pack", "Ada.kws-ref.0.1.0.pack"),
    ]


@pytest.mark.parametrize(
    ("name", "top"),
    [
        ("arduino", "kws-ref/"),
        ("platformio", ""),
        ("zephyr", "kws-ref/"),
        ("cmake", "kws-ref/"),
        ("esp-idf", "kws-ref/"),
        ("cmsis-pack", ""),
    ],
)
def test_archive_holds_the_tree(name: str, top: str) -> None:
    artifact = build_artifact(FORMATS[name], content("labels"))
    tree = package_files(FORMATS[name], content("labels"))
    assert read_archive(artifact.data) == {top + path: data for path, data in tree.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_same_content_same_bytes(name: str) -> None:
    first, second = (build_artifact(FORMATS[name], make_content()) for _ in range(2))
    assert first == second
    other = build_artifact(FORMATS[name], make_content(version="0.1.1"))
    assert other.sha256 != first.sha256


def test_changed_file_changes_its_date_and_no_other() -> None:
    old, new = (FORMATS["platformio"].tree(make_content(license=text)) for text in ("MIT", "Apache-2.0"))
    changed = {path for path in old if content_date(old[path]) != content_date(new[path])}
    assert changed == {"LICENSE", "README.md", "library.json"}


def test_broken_rule_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = FORMATS["arduino"].tree
    monkeypatch.setattr(
        FORMATS["arduino"], "tree", lambda content: {**tree(content), "a.exe": b"", ".development": b""}
    )
    with pytest.raises(TinypackError) as caught:
        build_artifact(FORMATS["arduino"], content("labels"))
    assert [problem.rule[:5] for problem in caught.value.problems] == ["LS006", "LS007"]
    assert {problem.code for problem in caught.value.problems} == {"invalid-package"}


def test_texts_are_clean(files: Mapping[str, bytes]) -> None:
    """Nothing of a template is left, nothing of this machine or day got in, and every file ends its last line."""
    left = re.compile(r"{{|{%|__(prefix|name)__|\bNone\b|\bUndefined\b|/(home|tmp|work)/|\b20\d\d-\d\d")
    for path, data in files.items():
        text = data.decode()
        assert not left.search(text), path
        assert text.endswith("\n") and "\n\n\n" not in text and not re.search(r"[ \t]\n", text), path


def test_names_carry_the_prefix(any_content: Content) -> None:
    prefix = any_content.names.prefix
    for path in any_content.sources:
        assert re.fullmatch(rf"{prefix}\.h|{prefix}/{prefix}_\w+\.[ch]", path)


def test_sources_are_the_same_everywhere(any_content: Content) -> None:
    sources = [
        {path: data for path, data in format.tree(any_content).items() if path.startswith("src/")}
        for format in FORMATS.values()
    ]
    assert all(other == sources[0] for other in sources)


@pytest.mark.parametrize(
    ("compiler", "dialect"), [("gcc", ("-std=c99", "-pedantic", "-x", "c")), ("g++", ("-std=c++11", "-x", "c++"))]
)
def test_sources_compile(compiler: str, dialect: tuple[str, ...], any_content: Content, tmp_path: Path) -> None:
    need(compiler)
    files = package_files(FORMATS["cmake"], any_content)
    write(files, tmp_path)
    run(compiler, *STRICT, *dialect, f"-I{tmp_path}/src", *sorted(tmp_path.glob("**/*.c")))


@pytest.mark.parametrize("sketch", ["SelfTest", "Classify"])
def test_sketches_compile(sketch: str, any_content: Content, tmp_path: Path) -> None:
    need("g++")
    write(package_files(FORMATS["arduino"], any_content), tmp_path)
    paths = [f"-I{path}" for path in (EMULATOR / "arduino", EMULATOR / "include", tmp_path / "src")]
    for real in ("-UTINYPACK_EMULATOR", "-DTINYPACK_EMULATOR"):
        source = tmp_path / "examples" / sketch / f"{sketch}.ino"
        run(
            "g++",
            "-std=gnu++11",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-fsyntax-only",
            *paths,
            real,
            "-include",
            "Arduino.h",
            "-x",
            "c++",
            source,
        )


def test_zephyr_is_freestanding(any_content: Content, tmp_path: Path) -> None:
    """Zephyr's flags, with nothing of a C library but what the compiler brings and what string.h must have."""
    need("arm-none-eabi-gcc")
    write(package_files(FORMATS["zephyr"], any_content), tmp_path)
    # What any C library has, Zephyr's smallest too, and printk.
    copies = b"void *memcpy(void *, const void *, size_t);\nvoid *memmove(void *, const void *, size_t);\n"
    string = b"#include <stddef.h>\n" + copies + b"void *memset(void *, int, size_t);\n"
    printk = b"void printk(const char *form, ...);\n"
    write({"zephyr/sys/printk.h": printk, "string.h": string}, tmp_path / "include")
    flags = (
        "-std=c99",
        "-ffreestanding",
        "-nostdinc",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-mcpu=cortex-m4",
        "-mthumb",
        "-Os",
    )
    own = run("arm-none-eabi-gcc", "-print-file-name=include").strip()
    for i, source in enumerate(sorted(tmp_path.glob("**/*.c"))):
        run(
            "arm-none-eabi-gcc",
            *flags,
            "-isystem",
            own,
            f"-I{tmp_path}/src",
            f"-I{tmp_path}/include",
            "-c",
            source,
            "-o",
            tmp_path / f"{i}.o",
        )
    undefined = run("arm-none-eabi-nm", "-u", *sorted(tmp_path.glob("*.o")))
    asked = set(re.findall(r"\bU (\w+)", undefined))
    mine = {name for name in asked if name.startswith(any_content.names.prefix)}
    assert {name for name in asked - mine if not name.startswith("__aeabi_")} <= {"printk", "memcpy", "memset"}


def test_cmake_builds_tests_and_installs(tmp_path: Path) -> None:
    """Two packages, one called as a target that CMake keeps for itself, in one program by find_package."""
    need("cmake", "gcc", "g++")
    for which in ("labels", "no labels"):
        name = content(which).manifest.package.name
        source, build = tmp_path / name, tmp_path / f"build-{name}"
        write(package_files(FORMATS["cmake"], content(which)), source)
        run("cmake", "-S", source, "-B", build, "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror -fsanitize=undefined")
        run("cmake", "--build", build)
        assert "100% tests passed" in run("ctest", "--test-dir", build)
        answer = run(build / f"{name}-selftest", "--stdin", stdin=bytes(12)).splitlines()
        assert [line.split()[2] for line in answer if line.startswith("vector")] == ["ok"] * 4 + ["digest"] * 2
        run(build / f"{name}-selftest", "--stdin", stdin=bytes(7), code=1)
        run("cmake", "--install", build, "--prefix", tmp_path / "installed")
    user = {
        "CMakeLists.txt": b"cmake_minimum_required(VERSION 3.16)\nproject(user LANGUAGES CXX)\n"
        b"find_package(kws-ref 0.1 REQUIRED)\nfind_package(help REQUIRED)\nadd_executable(user main.cpp)\n"
        b"target_link_libraries(user kws-ref::kws-ref help::help -fsanitize=undefined)\n",
        "main.cpp": b"#include <kws_ref.h>\n#include <help.h>\nstatic Kws_Ref a;\nstatic Help b;\n"
        b"int main() { return a.begin() || b.begin() || a.invoke() || b.invoke(); }\n",
    }
    write(user, tmp_path / "user")
    run("cmake", "-S", tmp_path / "user", "-B", tmp_path / "out", f"-DCMAKE_PREFIX_PATH={tmp_path}/installed")
    run("cmake", "--build", tmp_path / "out")
    run(tmp_path / "out" / "user")


def test_self_test_can_fail(tmp_path: Path) -> None:
    need("gcc")
    files = package_files(FORMATS["cmake"], content("labels"))
    write(files, tmp_path)
    model = tmp_path / "src/kws_ref/kws_ref_model.c"
    text = model.read_text()
    changed = re.sub(r"(bias\[3\][^=]*= {\n  )(-?\d+)", lambda m: f"{m[1]}{int(m[2]) + 1}", text)
    assert changed != text
    model.write_text(changed)
    run(
        "gcc",
        f"-I{tmp_path}/src",
        *tmp_path.glob("src/*/*.c"),
        tmp_path / "test/selftest.c",
        "-o",
        tmp_path / "selftest",
    )
    assert "FAIL" in run(tmp_path / "selftest", code=1)
