"""Snippets: what they name, where there is no URL, and that nothing of a publisher's gets into a shell."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from tests.support.registry_packages import BASE, MadeUp, make_line, make_release
from tinypack.cli import tinypack
from tinypack.formats import FORMATS
from tinypack.registry.entries import Archive
from tinypack.registry.package_index import Line
from tinypack.registry.snippets import ECOSYSTEMS, WAYS, Snippet, archive_url, snippets


@pytest.fixture(scope="module")
def line() -> Line:
    return MadeUp().add()


def found(given: list[Snippet], ecosystem: str) -> str:
    return "\n".join(snippet.text for snippet in given if snippet.ecosystem == ecosystem)


def test_every_format_has_an_ecosystem_and_a_way(line: Line) -> None:
    assert set(FORMATS) == set(ECOSYSTEMS) == set(WAYS)
    assert {snippet.ecosystem for snippet in snippets(BASE, line)} == set(ECOSYSTEMS.values())


@pytest.mark.parametrize(("format", "ecosystem"), [pair for pair in ECOSYSTEMS.items() if pair[0] != "zephyr"])
def test_a_web_registry_gives_the_archives_url(format: str, ecosystem: str, line: Line) -> None:
    archive = line.release.body.archive(format)
    assert archive is not None
    assert f"{BASE}/{archive.path}" in found(snippets(f"{BASE}/", line), ecosystem)


@pytest.mark.parametrize("ecosystem", ["CMake", "ESP-IDF"])
def test_hashes_are_named_where_they_are_checked(ecosystem: str, line: Line) -> None:
    format = next(format for format, name in ECOSYSTEMS.items() if name == ecosystem)
    archive = line.release.body.archive(format)
    assert archive is not None
    assert archive.sha256 in found(snippets(BASE, line), ecosystem)


def test_a_folder_gives_file_urls(line: Line, tmp_path: Path) -> None:
    archive = line.release.body.archives[0]
    assert archive_url(str(tmp_path), archive) == f"{tmp_path.as_uri()}/{archive.path}"


@pytest.mark.parametrize("url", ["s3://bucket/r", "git+https://example.org/r.git", "sftp://example.org/r"])
def test_where_only_tinypack_reads_it_only_tinypack_installs(url: str, line: Line) -> None:
    made = snippets(url, line)
    assert {snippet.ecosystem for snippet in made} == {"Arduino", "PlatformIO", "Zephyr", "CMake"}
    assert all(url in snippet.text and "tinypack" in snippet.text for snippet in made)


def test_the_pin_stays_with_tinypack_alone(line: Line) -> None:
    made = snippets(f"{BASE}#sha256={'0' * 64}", line)
    assert "#sha256" in found(made, "Zephyr")
    assert "#sha256" not in found(made, "ESP-IDF")


def test_a_package_in_one_format_has_the_ways_of_that_one() -> None:
    made = MadeUp().add_files("1.0.0", "cmake", "door-guard-1.0.0-cmake.tar.gz", {"door-guard/CMakeLists.txt": b""})
    assert {snippet.ecosystem for snippet in snippets(BASE, made)} == {"CMake"}


@pytest.mark.parametrize(
    ("name", "version"), [("x; rm -rf ~", "1.0.0"), ("door-guard", "1.0.0; rm -rf ~"), ("x\n", "1")]
)
def test_names_that_are_none_give_nothing(name: str, version: str) -> None:
    assert snippets(BASE, make_line(make_release(name, version))) == []


@pytest.mark.parametrize("base", [BASE, "s3://bucket/r"])
def test_tinypack_knows_its_commands(base: str, line: Line) -> None:
    """Parsed as they stand, run by nobody."""
    rows = [row.removeprefix("; once: ") for snippet in snippets(base, line) for row in snippet.text.splitlines()]
    found = [shlex.split(row)[1:] for row in rows if row.startswith("tinypack ")]
    assert {words[0] for words in found} == {"install", "lock", "export"}
    for words in found:
        tinypack.make_context("tinypack", list(words))
        name, command, rest = tinypack.resolve_command(click.Context(tinypack), list(words))
        assert command is not None and name is not None
        while isinstance(command, click.Group):
            name, command, rest = command.resolve_command(click.Context(command), rest)
            assert command is not None
        command.make_context(name, rest)


def test_a_hostile_path_stays_one_word() -> None:
    path = "archives/$(rm -rf ~)/'; reboot; '/`x`\nreboot.tar.gz"
    hostile = [Archive(format=format, path=path, size=1, sha256="0" * 64) for format in FORMATS]
    for snippet in snippets(BASE, make_line(make_release(archives=hostile))):
        words = shlex.split(snippet.text, comments=True) if snippet.language == "sh" else snippet.text.split()
        assert "reboot" not in words and "$(rm" not in words


@pytest.mark.parametrize(
    "url",
    [
        "http://evil/${sysenv.SECRET}",
        "http://evil/$(evil)",
        "http://evil/x) evil(",
        "http://evil/\u2028evil",
        "file:///x%0A[env]%0A$(evil)",
    ],
)
def test_an_address_gets_into_no_text_that_reads_it_otherwise(url: str, line: Line) -> None:
    assert archive_url(url, line.release.body.archives[0]) == ""
    given = snippets(url, line)
    assert "FetchContent" not in found(given, "CMake")
    assert not any("$" in snippet.text and "evil/$" in snippet.text for snippet in given)


def test_a_git_repository_serves_no_archives(line: Line) -> None:
    assert archive_url("https://example.org/r.git", line.release.body.archives[0]) == ""


@pytest.mark.parametrize(("exactly", "wanted"), [(False, "door-guard@^1.0.0"), (True, "door-guard@1.0.0")])
def test_the_newest_version_may_be_updated_and_an_older_one_is_that_one(exactly: bool, wanted: str, line: Line) -> None:
    for snippet in snippets(BASE, line, exactly):
        assert wanted in snippet.text or "tinypack install" not in snippet.text
