"""Measure real models on emulated boards, beside other engines' figures.

python -m benchmarks.models [MODEL]... [--board B]... [--opt -O2|-Os]... [--out FOLDER] [--page FILE]

A MODEL is a .tflite or a project; without one, all of ../shared/models that tinypack compiles. The folder gets a page
of everything (index.html), all figures (models.json) and a chart of each model's layers. Some minutes on two cores.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from benchmarks.models.compare import BASELINES, Measured, comparisons
from benchmarks.models.markdown import markdown_page
from tinypack.boards import ALL
from tinypack.errors import Problem, TinypackError
from tinypack.manifest import Project, load_project
from tinypack.model_file import read_model
from tinypack.output import check_folder, write_whole
from tinypack.pack import make_content
from tinypack.profile.chart import chart
from tinypack.profile.measure import OPTS, profile_content
from tinypack.profile.page import Comparison, html_page
from tinypack.profile.targets import Target, chosen_targets

#: What options of a package are measured beside the project's own, on the last board, with the first optimisation.
OPTIONS: Mapping[str, Mapping[str, str | bool]] = {
    "optimise = speed": {"optimise": "speed"},
    "optimise = size": {"optimise": "size"},
    "save_ram": {"save_ram": True},
}
BOARDS = (ALL, "nucleo_l4r5zi")  # the latter is MLPerf Tiny's, and waits for flash: `speed` shows only there
MODELS = Path(__file__).parents[3] / "shared" / "models"


@click.command(help="Measure MODELs on emulated boards, beside other engines' figures.")
@click.argument("models", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--board", "boards", multiple=True, default=BOARDS, show_default=True, help="Board or core.")
@click.option("--opt", "opts", multiple=True, type=click.Choice(OPTS), default=OPTS, help="Default: both.")
@click.option("--out", default=Path("dist/bench"), type=click.Path(path_type=Path), show_default=True)
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Also write the tables as Markdown.")
def main(
    models: tuple[Path, ...], boards: tuple[str, ...], opts: tuple[str, ...], out: Path, page: Path | None
) -> None:
    try:
        check_folder(out)
        measured, problems = measure(models or _all_models(), chosen_targets(boards), opts)
    except TinypackError as error:
        sys.exit(str(error))
    tables = comparisons(measured)
    profiles = [each.profile for each in measured if not each.options]
    files = {"index.html": html_page(profiles, tables).encode()}
    figures = [{"model": each.model, "options": each.options, **each.profile.to_json()} for each in measured]
    files["models.json"] = (json.dumps(figures, indent=2) + "\n").encode()
    drawn = [each for each in measured if each.profile.opt == opts[0] and not (each.of_real_board or each.options)]
    for model, group in groupby(drawn, lambda each: each.model):
        files[f"{model}.png"] = chart([each.profile for each in group])
    write_whole(out, files)
    if page:
        page.write_text(markdown_page(tables, measured[0].profile.compiler), "utf-8")
    for table in tables:
        show(table)
    click.echo(f"\n{out}/index.html, models.json, {len(files) - 2} charts")
    if problems:
        sys.exit(str(TinypackError(problems)))


def measure(
    models: Sequence[Path], targets: Sequence[Target], opts: Sequence[str]
) -> tuple[list[Measured], list[Problem]]:
    """Profile all models, showing how far it is; what can't be measured keeps nothing else from being it."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    found: list[Measured] = []
    problems: list[Problem] = []
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        places = [("", target, opt) for target in targets for opt in opts]
        places += [(options, targets[-1], opts[0]) for options in OPTIONS]
        task = progress.add_task("", total=len(models) * len(places))
        for project in map(load_project, models):
            name = project.model_path.stem
            for options, several in groupby(places, lambda place: place[0]):
                progress.update(task, description=f"{name} {options}: compile, ask the oracle")
                content = make_content(_with(project, OPTIONS.get(options, {})), read_model(project.model_path))
                for _, target, opt in several:
                    progress.update(task, description=f"{name} {options} {target.id} {opt}")
                    try:
                        found.append(Measured(name, profile_content(content, target, opt), options))
                    except TinypackError as error:
                        problems += error.problems
                    progress.advance(task)
    return found, problems


def _with(project: Project, options: Mapping[str, str | bool]) -> Project:
    model = project.manifest.model.model_copy(update=options)
    return replace(project, manifest=project.manifest.model_copy(update={"model": model}))


def show(comparison: Comparison) -> None:
    """Print a table; what misses its limit is red."""
    table = Table(title=Text(f"\n{comparison.title}", "bold"), title_justify="left", box=None, pad_edge=False)
    for i, column in enumerate(comparison.columns):
        table.add_column(column, justify="left" if i < 2 else "right", no_wrap=True)
    for row in comparison.rows:
        colours = {True: "green", False: "red", None: ""}
        signs = {True: " ✓", False: " ✗", None: ""}
        table.add_row(*(Text(cell.text + signs[cell.good], colours[cell.good]) for cell in row))
    console = Console(highlight=False)
    console.width = max(console.width, 160)
    console.print(table)


def _all_models() -> list[Path]:
    found = [MODELS / f"{model}.tflite" for model in BASELINES if model != "mlperf"]
    absent = [str(path) for path in found if not path.is_file()]
    if absent:
        raise TinypackError.one("io", ", ".join(absent), "the models must be there", "not found", "name models")
    return found


if __name__ == "__main__":
    main()
