"""Profiles as one HTML page: self-contained, for light and dark screens. The same profiles give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from tinypack import __version__
from tinypack.profile.layers import Layer
from tinypack.profile.measure import Profile
from tinypack.templates_location import environment

TEMPLATE = "report/profile.html.j2"


@dataclass(frozen=True)
class Cell:
    text: str
    good: bool | None = None  # whether it is as it should be, where that is known


@dataclass(frozen=True)
class Comparison:
    """A table that stands before the profiles; the first cell of a row names it."""

    title: str
    about: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Bar:
    """A layer's cell: how much of the profile's largest layer it takes."""

    instructions: str
    per_mac: str
    cycles: str
    percent: float


@dataclass(frozen=True)
class Section:
    """One package."""

    package: str
    profiles: Sequence[Profile]
    layers: Sequence[tuple[Layer, Sequence[Bar]]]


def html_page(profiles: Sequence[Profile], comparisons: Sequence[Comparison] = ()) -> str:
    """Write the page; profiles of a package stand together."""
    sections = [_section(list(group)) for _, group in groupby(profiles, lambda profile: profile.package)]
    page = environment().overlay(autoescape=True).get_template(TEMPLATE)
    return page.render(
        tinypack=__version__,
        comparisons=comparisons,
        sections=sections,
        layer_label=layer_label,
        millions=millions,
    )


def layer_label(layer: Layer) -> str:
    """Name a layer in few words."""
    shape = "×".join(map(str, layer.output_shape[1:] or layer.output_shape))
    return layer.name if layer.node is None else f"{layer.node} {layer.op.lower()} {shape}"


def millions(count: int) -> str:
    """Write a number of instructions with three digits."""
    return f"{count / 1e6:.3g} M" if count >= 1_000_000 else f"{count / 1e3:.3g} k" if count >= 1000 else str(count)


def _section(profiles: Sequence[Profile]) -> Section:
    columns = [[_bar(layer, profile) for layer in profile.layers] for profile in profiles]
    return Section(
        profiles[0].package, profiles, list(zip(profiles[0].layers, zip(*columns, strict=True), strict=True))
    )


def _bar(layer: Layer, profile: Profile) -> Bar:
    most = max(1, *(each.instructions for each in profile.layers))
    per_mac = f"{layer.per_mac:.2f}" if layer.macs else ""
    cycles = "" if layer.cycles is None else f"{layer.cycles:,} cycles"
    return Bar(f"{layer.instructions:,}", per_mac, cycles, round(100 * layer.instructions / most, 1))
