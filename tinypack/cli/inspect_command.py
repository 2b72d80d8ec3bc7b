from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.show import json_option, mark, out, show_json, show_table
from tinypack.cli.show_memory import show_memory
from tinypack.inspection import Inspection, TensorInfo
from tinypack.memory.draw import check_picture, draw_memory
from tinypack.pack import inspect_model


@click.command("inspect")
@click.argument("project", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--tensors", is_flag=True, help="List all tensors too.")
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="Draw the arena: .png, .svg, .html.")
@json_option
def command(project: Path, tensors: bool, picture: Path | None, as_json: bool) -> None:
    """Show operators, layers, memory, and the boards that PROJECT fits."""
    if picture:
        check_picture(picture)
    found = inspect_model(project)
    if picture:
        draw_memory(found, picture)
    if as_json:
        show_json(found.to_json())
        return
    _show_ports(found)
    _show_layers(found)
    show_memory(found)
    if tensors:
        show_table("\nTensors", ("#", "~name", "type", "shape", "quantisation", ">bytes"), map(_tensor, found.tensors))
    _show_boards(found)
    _show_loads(found)


def _show_ports(found: Inspection) -> None:
    console = out()
    console.print(Text(f"{found.name}: {found.model_bytes:,} B, SHA-256 {found.model_sha256[:16]}", "bold"))
    for kind, ports in (("input", found.inputs), ("output", found.outputs)):
        for port in ports:
            console.print(Text(f"{kind:6} {port.dtype} {list(port.shape)} {_quantization(port)}"))
    console.print("operators: " + ", ".join(f"{op} {count}" for op, count in found.operators.items()))


def _show_layers(found: Inspection) -> None:
    total = max(found.macs, 1)
    rows: list[tuple[object, ...]] = [
        (
            layer.node,
            layer.op,
            "x".join(map(str, layer.output_shape)),
            layer.macs,
            f"{100 * layer.macs / total:.1f} %",
            layer.weight_bytes,
        )
        for layer in found.layers
    ]
    rows.append(("", Text("total", "bold"), "", found.macs, "", found.weight_bytes))
    show_table("\nLayers", ("node", "operator", "output", ">MACs", ">share", ">flash B"), rows)
    if found.constant_channels:
        left_out = found.model_macs - found.macs
        out().print(
            f"\n{found.constant_channels:,} channels never change: of the model's {found.model_macs:,} MACs "
            f"{left_out:,} are not computed"
        )


def _show_boards(found: Inspection) -> None:
    rows = [
        (fit.board, mark(fit.fits), fit.flash_bytes, fit.flash_room, fit.ram_bytes, fit.ram_room)
        for fit in found.boards
    ]
    columns = ("board", "fits", ">flash needed", ">flash left", ">RAM needed", ">RAM left")
    show_table(
        "\nBoards (tables and arena, without code; left by the board's own core where that is known)", columns, rows
    )


def _show_loads(found: Inspection) -> None:
    if not found.loads:
        return
    rows = [
        (
            load.board,
            mark(load.load <= 1),
            f"{100 * load.load:.1f} %",
            f"{1e3 * load.frame_seconds:.2f}",
            f"{1e3 * load.invoke_seconds:.1f}",
            load.least_every or "never",
        )
        for load in found.loads
    ]
    load = found.loads[0]
    title = f"\nLoad, estimated: an inference every {load.every} hops of {1e3 * load.hop_seconds:g} ms"
    columns = ("board", "keeps up", ">load", ">ms a frame", ">ms an inference", ">least every")
    show_table(title, columns, rows)


def _tensor(tensor: TensorInfo) -> tuple[object, ...]:
    shape = "x".join(map(str, tensor.shape))
    return (tensor.index, tensor.name, tensor.dtype, shape, _quantization(tensor), tensor.bytes)


def _quantization(tensor: TensorInfo) -> str:
    if len(tensor.scale) > 1:
        return f"{len(tensor.scale)} scales"
    return f"scale {tensor.scale[0]:.9g}, zero point {tensor.zero_point[0]}" if tensor.scale else ""
