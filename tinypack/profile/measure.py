"""A package on one target, measured: the program that is measured must have given the oracle's answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tinypack.errors import TinypackError
from tinypack.manifest import Project
from tinypack.model_file import read_model
from tinypack.pack import make_content
from tinypack.package import Content
from tinypack.profile.build import Programs, build
from tinypack.profile.cores import known_cores
from tinypack.profile.counts import Counted, run_counted
from tinypack.profile.cycles import estimate
from tinypack.profile.flash import Flash, Ram, measure_ram, split_flash, weight_bytes
from tinypack.profile.layers import Layer, functions, split_layers
from tinypack.profile.targets import Target
from tinypack.verify.firmware import read_firmware
from tinypack.verify.transcript import Transcript, read_transcript

OPTS = ("-O2", "-Os")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Profile:
    package: str
    target: Target
    opt: str
    compiler: str
    kernel_variant: str
    instructions: int
    layers: Sequence[Layer]
    functions: Mapping[str, int]  # instructions by function, most first
    flash: Flash
    weight_bytes: int  # weights, biases and 5 B of requantisation an output channel
    ram: Ram
    compile_seconds: float
    source_count: int

    @property
    def macs(self) -> int:
        return sum(layer.macs for layer in self.layers)

    @property
    def model_macs(self) -> int:
        return sum(layer.model_macs for layer in self.layers)

    @property
    def per_mac(self) -> float:
        return self.instructions / max(self.macs, 1)

    @property
    def per_model_mac(self) -> float:
        """What other engines' figures compare with: they compute channels that never change, too."""
        return self.instructions / max(self.model_macs, 1)

    @property
    def cycles(self) -> int | None:
        """Estimated cycles, as the sum of those of layers: what repeats in one is known best there."""
        cycles = [layer.cycles for layer in self.layers if layer.cycles is not None]
        return sum(cycles) if cycles else None

    @property
    def milliseconds(self) -> float | None:
        return 1e3 * self.cycles / self.target.clock_hz if self.cycles and self.target.clock_hz else None

    @property
    def beyond_weights(self) -> int:
        """Bytes of flash beyond weights, biases and 5 B of requantisation an output channel."""
        return self.flash.package - self.weight_bytes

    def to_json(self) -> dict[str, Any]:
        """Give plain data for json.dumps."""
        layers = [
            {
                "node": layer.node,
                "op": layer.op,
                "name": layer.name,
                "output_shape": list(layer.output_shape),
                "macs": layer.macs,
                "model_macs": layer.model_macs,
                "instructions": layer.instructions,
                "cycles": layer.cycles,
            }
            for layer in self.layers
        ]
        return {
            "package": self.package,
            "target": self.target.id,
            "opt": self.opt,
            "compiler": self.compiler,
            "kernel_variant": self.kernel_variant,
            "instructions": self.instructions,
            "cycles": self.cycles,
            "milliseconds": self.milliseconds,
            "macs": self.macs,
            "model_macs": self.model_macs,
            "layers": layers,
            "functions": dict(self.functions),
            "flash": {**asdict(self.flash), "package": self.flash.package},
            "weight_bytes": self.weight_bytes,
            "beyond_weights": self.beyond_weights,
            "ram": {**asdict(self.ram), "total": self.ram.total},
            "compile_seconds": round(self.compile_seconds, 3),
            "source_count": self.source_count,
        }


def profile_project(
    project: Project, targets: Sequence[Target], opts: Sequence[str], progress: Progress | None = None
) -> list[Profile]:
    """Measure a project's package for each target and optimisation.

    Raises: TinypackError (build-failed, does-not-fit, missing-tool, run-failed, and what compiling a model raises)
    """
    say = progress or (lambda _: None)
    name = project.manifest.package.name
    say(f"{name}: compile the model, ask the oracle")
    content = make_content(project, read_model(project.model_path))
    found = []
    for target in targets:
        for opt in opts:
            say(f"{name}: {target.id} {opt}")
            found.append(profile_content(content, target, opt))
    return found


def profile_content(content: Content, target: Target, opt: str) -> Profile:
    """Build a package, run its self-test, and measure the inference of its first vector.

    Raises: TinypackError (build-failed, does-not-fit, missing-tool, run-failed)
    """
    with TemporaryDirectory(prefix="tinypack-profile-") as name:
        programs = build(content, target, opt, Path(name))
        counted = run_counted(programs.tested.elf, target.machine, f"{content.names.prefix}_invoke", target.flash)
        transcript = _judge(counted, content, target, opt)
        return _profile(content, target, opt, programs, counted, transcript)


def _judge(counted: Counted, content: Content, target: Target, opt: str) -> Transcript:
    """Refuse the figures of a program whose answers are wrong."""
    transcript = read_transcript(counted.done.text)
    if counted.done.code != 0 or transcript.verdict != "PASS" or not transcript.digests:
        where = f"{content.names.prefix} on {target.id} {opt}"
        lines = counted.done.text.splitlines() or counted.done.error_text.splitlines()
        found = "\n".join(line for line in lines if "ok" not in line.split()) or f"exit code {counted.done.code}"
        raise TinypackError.one("run-failed", where, f"its answers must be those of {content.oracle}", found)
    return transcript


def _profile(
    content: Content, target: Target, opt: str, programs: Programs, counted: Counted, transcript: Transcript
) -> Profile:
    part, elf = counted.parts[0], programs.tested.elf
    layers = split_layers(part, elf, content)
    if target.core in known_cores():
        layers = [replace(one, cycles=estimate(elf, one.executions, target.core, target.flash).total) for one in layers]
    return Profile(
        package=content.manifest.package.name,
        target=target,
        opt=opt,
        compiler=read_firmware(elf, f"{content.names.prefix}_model.c").compiler,
        kernel_variant=transcript.kernels,
        instructions=part.total,
        layers=layers,
        functions=functions(part.executions, elf),
        flash=split_flash(programs, content),
        weight_bytes=weight_bytes(content),
        ram=measure_ram(programs, content, transcript.stack_bytes or 0),
        compile_seconds=programs.compile_seconds,
        source_count=programs.source_count,
    )
