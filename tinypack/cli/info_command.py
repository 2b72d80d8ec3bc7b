from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.registry_options import lockfile_option, offline_option, plain, registry_option, say
from tinypack.cli.show import counted, json_option, out, show_json, show_table
from tinypack.cli.versions_command import by_trial, remarks, version_json
from tinypack.registry.client.registry import Registry
from tinypack.registry.client.resolve import Wanted, by_version, parse_wanted, resolve
from tinypack.registry.client.session import open_session
from tinypack.registry.entries import Attested, BoardResult
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.snippets import Snippet, snippets

COLOURS = {"verified": "green", "compiled": "cyan", "failed": "bold red", "untested": "dim"}
SHOWN = 10  # versions


@click.command("info")
@click.argument("wanted", metavar="NAME[@VERSION]")
@registry_option
@lockfile_option
@offline_option
@json_option
def command(wanted: str, registry: str, lockfile: Path, offline: bool, as_json: bool) -> None:
    """Show a package: what it is, on which boards it ran, its versions, and how each ecosystem installs it."""
    asked, source = parse_wanted(wanted), open_session(lockfile, registry, offline).registry
    index = source.package(asked.name)
    line = _shown(index, asked)
    if as_json:
        show_json(_plain(index, line, source))
    else:
        show(index, line, source)


def _shown(index: PackageIndex, asked: Wanted) -> Line:
    """Give the version that is asked for, yanked or not; or the one that would be installed."""
    exact = index.line(asked.exact) if asked.exact else None
    return exact or resolve(index, asked)


def show(index: PackageIndex, line: Line, registry: Registry) -> None:
    """Print what is known of a version."""
    release = line.release.body
    say(f"{release.name} {release.version}: {release.description}", "bold")
    if remarks(line):
        out().print(remarks(line))
    facts = {
        "by": ", ".join(release.authors),
        "licence": release.license,
        "from": release.repository,
        "features": release.features,
        "decision": release.decision,
        "inputs": ", ".join(release.inputs),
        "outputs": ", ".join(release.outputs),
        "labels": ", ".join(release.labels),
        "memory": f"{release.ram_bytes:,} B of RAM, tables {release.table_bytes:,} B of flash",
        "published": release.published,
    }
    for name, text in facts.items():
        if text:
            say(f"  {name + ':':10} {text}")
    out().print()
    columns = ("board", "status", ">flash B", ">RAM B", ">stack B", ">instructions", "~formats")
    tried, untested = by_trial(line)
    if tried:
        show_table("Boards", columns, map(_board, tried))
    else:
        say("no board was tried", "yellow")
    if untested:
        say("untested: " + ", ".join(result.board for result in untested), "dim")
    out().print()
    if line.attestations:
        show_table("Attestations", ("by", "made", "outcome"), (_attested(signed.body) for signed in line.attestations))
        out().print()
    versions = by_version(index)
    show_table(counted(len(versions), "version"), ("version", "published", "~remarks"), map(_version, versions[:SHOWN]))
    for snippet in _ways(registry, index, line):
        out().print()
        say(f"{snippet.ecosystem}: {snippet.title}", "bold")
        for text in snippet.text.splitlines():
            say(f"    {text}")


def _ways(registry: Registry, index: PackageIndex, line: Line) -> list[Snippet]:
    """Say how to install a version; a yanked one comes only from a lockfile that has it."""
    return [] if line.yanked else snippets(registry.url, line, exactly=line != index.shown)


def _board(result: BoardResult) -> tuple[object, ...]:
    figures = (result.flash_bytes, result.ram_bytes, result.stack_bytes, result.instructions)
    shown = ("-" if figure is None else figure for figure in figures)
    status = Text(result.status, COLOURS[result.status])
    return (plain(result.board), status, *shown, plain(", ".join(result.formats)) or "-")


def _attested(attested: Attested) -> tuple[object, ...]:
    colour = "green" if attested.passed else "yellow"
    return plain(attested.who), plain(attested.made[:10]), Text(attested.outcome, colour)


def _version(line: Line) -> tuple[object, ...]:
    return line.version, plain(line.release.body.published[:10]), remarks(line)


def _plain(index: PackageIndex, line: Line, registry: Registry) -> dict[str, object]:
    release = line.release.body.model_dump(mode="json")
    return {
        **release,
        "archives": [{**a.model_dump(mode="json"), "url": registry.url_of(a)} for a in line.release.body.archives],
        "yanked": line.yanked,
        "boards": [line.boards[name].model_dump(mode="json") for name in sorted(line.boards)],
        "attestations": [
            {**signed.body.model_dump(mode="json"), "outcome": signed.body.outcome} for signed in line.attestations
        ],
        "versions": [version_json(each) for each in by_version(index)],
        "install": [
            {"ecosystem": each.ecosystem, "title": each.title, "text": each.text}
            for each in _ways(registry, index, line)
        ],
    }
