from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.show import out, progress, quiet_option, show_table
from tinypack.manifest import load_project
from tinypack.output import check_file, write_file
from tinypack.profile.draw import check_profiles, draw_profiles
from tinypack.profile.measure import OPTS, Profile, profile_project
from tinypack.profile.targets import chosen_targets


@click.command("profile")
@click.argument("project", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--board", "-b", "boards", multiple=True, help="Board, core, or all (default: mps2-an386).")
@click.option("--opt", "opts", multiple=True, type=click.Choice(OPTS), help="Optimisation (default: -O2).")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures.")
@click.option("--draw", "picture", type=click.Path(dir_okay=False, path_type=Path), help="Write a .png or .html.")
@quiet_option
def command(
    project: Path,
    boards: tuple[str, ...],
    opts: tuple[str, ...],
    json_file: Path | None,
    picture: Path | None,
    quiet: bool,
) -> None:
    """Count what an inference of PROJECT's package costs on emulated boards, layer by layer, exactly.

    The package is compiled as for the board and its self-test runs: figures are only given for right answers.
    """
    if picture is not None:
        check_profiles(picture)
    for path in filter(None, (json_file, picture)):
        check_file(path)
    with progress(quiet) as say:
        found = profile_project(load_project(project), chosen_targets(boards), opts or OPTS[:1], say)
    if json_file is not None:
        write_file(json_file, (json.dumps([profile.to_json() for profile in found], indent=2) + "\n").encode())
    if picture is not None:
        draw_profiles(found, picture)
    if not quiet:
        for profile in found:
            show_layers(profile)
        show_sizes(found)


def show_layers(profile: Profile) -> None:
    """Print what each layer executes."""
    about = f"{profile.target.about}, {profile.opt}, {profile.compiler}, kernels {profile.kernel_variant}"
    out().print(Text(f"\n{profile.package}: ", "bold") + Text(about))
    total = max(profile.instructions, 1)
    rows: list[tuple[object, ...]] = [
        (
            "" if layer.node is None else layer.node,
            layer.op or layer.name,
            "x".join(map(str, layer.output_shape)),
            layer.macs or "",
            layer.instructions,
            f"{100 * layer.instructions / total:.1f} %",
            f"{layer.per_mac:.2f}" if layer.macs else "",
            "" if layer.cycles is None else layer.cycles,
        )
        for layer in profile.layers
    ]
    per_mac = f"{profile.per_mac:.2f}" if profile.macs else ""
    cycles = "" if profile.cycles is None else profile.cycles
    rows.append(("", Text("total", "bold"), "", profile.macs, profile.instructions, "", per_mac, cycles))
    columns = ("node", "operator", "output", ">MACs", ">instructions", ">share", ">a MAC", ">cycles, estimated")
    show_table("", columns, rows)
    if profile.model_macs > profile.macs:
        left_out = profile.model_macs - profile.macs
        out().print(
            f"channels that never change: of the model's {profile.model_macs:,} MACs {left_out:,} are not computed; "
            f"{profile.per_model_mac:.2f} instructions a MAC of the model",
            highlight=False,
        )
    if profile.milliseconds is not None:
        clock = f"{(profile.target.clock_hz or 0) / 1e6:g} MHz"
        out().print(f"{profile.milliseconds:.3g} ms at {clock}, estimated", highlight=False)


def show_sizes(profiles: Sequence[Profile]) -> None:
    """Print memory and compile time, a row a profile."""
    flash = [
        (
            profile.target.id,
            profile.opt,
            profile.flash.weights,
            profile.flash.tables,
            profile.flash.kernels,
            profile.flash.library,
            profile.flash.glue,
            profile.flash.package,
            profile.beyond_weights,
            profile.flash.startup,
        )
        for profile in profiles
    ]
    parts = (">weights", ">tables", ">kernels", ">library", ">glue")
    show_table("\nFlash, bytes", ("board", "opt", *parts, ">package", ">beyond weights", ">start-up"), flash)
    ram = [
        (
            profile.target.id,
            profile.opt,
            profile.ram.arena,
            profile.ram.state,
            profile.ram.static,
            profile.ram.stack,
            profile.ram.total,
            f"{profile.compile_seconds:.2f} ({profile.source_count} files)",
        )
        for profile in profiles
    ]
    kinds = (">arena", ">state", ">static", ">stack")
    show_table("\nRAM, bytes", ("board", "opt", *kinds, ">RAM in all", ">compile, s of CPU"), ram)
