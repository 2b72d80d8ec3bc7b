"""Build a program for one of the boards: everything that differs between them stands in boards/<id>.json."""

# mypy: ignore-errors
import shutil
import sys
from pathlib import Path

from SCons.Script import COMMAND_LINE_TARGETS, Default, DefaultEnvironment

env = DefaultEnvironment()
board = env.BoardConfig()
home = Path(env.PioPlatform().get_dir())
toolchain = board.get("build.toolchain")
machine = home / "machine"

# The C compiler links: it brings no C++ standard library, which boards' compilers may lack.
env.Replace(
    AR=f"{toolchain}gcc-ar",
    AS=f"{toolchain}gcc",
    CC=f"{toolchain}gcc",
    CXX=f"{toolchain}g++",
    LINK=f"{toolchain}gcc",
    RANLIB=f"{toolchain}gcc-ranlib",
    SIZETOOL=f"{toolchain}size",
    ARFLAGS=["rc"],
    SIZECHECKCMD="$SIZETOOL -A -d $SOURCES",
    SIZEPROGREGEXP=r"^(?:\.vectors|\.text|\.ARM\.exidx|\.data)\s+(\d+)",
    SIZEDATAREGEXP=r"^(?:\.data|\.bss|\.noinit)\s+(\d+)",
    PROGNAME="firmware",
    PROGSUFFIX=".elf",
)

missing = [env[name] for name in ("CC", "CXX", "SIZETOOL") if shutil.which(env[name], path=env["ENV"]["PATH"]) is None]
if missing:
    group = board.get("build.toolchain_packages")
    sys.stderr.write(f"Error: {', '.join(missing)} not found: run `tinypack doctor --fix`, or install the packages of\n")
    sys.stderr.write(f"the group {group} in {home / 'apt-packages.txt'}\n")
    env.Exit(1)

cpu_flags = board.get("build.cpu_flags")
script = board.get("build.linker_script", "")
symbols = board.get("build.symbols").items()
env.Append(
    ASFLAGS=cpu_flags,
    ASPPFLAGS=["-x", "assembler-with-cpp"],
    CCFLAGS=[*cpu_flags, "-Os", "-g", "-Wall", "-ffunction-sections", "-fdata-sections"],
    CFLAGS=["-std=gnu11"],
    CXXFLAGS=["-std=gnu++11", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics"],
    CPPDEFINES=["TINYPACK_EMULATOR", ("F_CPU", "$BOARD_F_CPU")],
    CPPPATH=[str(home / "include"), str(machine)],
    LINKFLAGS=[
        *cpu_flags,
        "-Os",
        "-Wl,--gc-sections",
        *board.get("build.link_flags"),
        *([f"-T{machine / script}"] if script else []),
        *[f"-Wl,--defsym={name}={value}" for name, value in symbols],
    ],
    LIBS=["m"],
)

for number, folder in enumerate([".", *board.get("build.machine")]):
    env.BuildSources(f"$BUILD_DIR/machine{number}", str(machine / folder), "+<*.c>")

program = env.BuildProgram()
runner = [sys.executable, str(home / "builder" / "run.py"), "--board", board.manifest_path]


def execute(target, source, env):
    """Run the program, its sensors replaying TINYPACK_RECORDING; its exit code is the target's."""
    import os
    import subprocess

    recordings = [name for name in os.environ.get("TINYPACK_RECORDING", "").split(os.pathsep) if name]
    sys.stdout.flush()
    return subprocess.call([*runner, "--elf", str(source[0]), *(f"--recording={name}" for name in recordings)])


env.AddPlatformTarget("exec", program, env.VerboseAction(execute, "Running $SOURCE"), "Run", "Run on this computer or in QEMU")
if "exec" not in COMMAND_LINE_TARGETS:
    Default(program)
