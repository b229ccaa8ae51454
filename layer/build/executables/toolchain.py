"""The compiler and the linker: clang and LLD, as the PyPI package `ziglang` carries them.

They are called as they are, without Zig's own driver: headers and libraries come from the lock,
nothing from the machine, and a compilation has no state.
"""

import importlib.metadata
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import ziglang

ZIG = Path(ziglang.__file__).with_name("zig")
BUILTIN_HEADERS = ZIG.parent / "lib" / "include"
VERSION = importlib.metadata.version("ziglang")
LINK_FLAGS = (
    "-static",
    "-z",
    "norelro",
    "-z",
    "max-page-size=4096",  # for arm64 it would be 64 KB, which Lambda's kernels do not have
    "--gc-sections",
    "--build-id=none",
    "--trace",
)


class ToolError(Exception):
    """The compiler or the linker refused its input."""


def compile_c(
    source: Path, output: Path, *, triple: str, flags: Sequence[str], headers: Sequence[Path]
) -> None:
    """Compile one C file with these headers and no others.

    It is compiled from within its own folder, so that `__FILE__` is its name alone.

    Raises:
        ToolError: The compiler refused it.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    command = ["clang", f"--target={triple}", "-nostdinc", "-isystem", str(BUILTIN_HEADERS)]
    command += [argument for folder in headers for argument in ("-isystem", str(folder))]
    _run([*command, *flags, "-c", source.name, "-o", str(output)], source.parent)


def link(arguments: Sequence[str | Path], output: Path) -> list[str]:
    """Link one executable.

    Returns:
        The files that were taken, by their paths from the output's folder, so that they are right
        in a checkout that was moved, too; an archive's member stands in brackets.

    Raises:
        ToolError: The linker refused its input.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    printed = _run(["ld.lld", *map(str, arguments), "-o", str(output)], output.parent)
    return [os.path.relpath(path, output.parent) for path in printed.splitlines()]


def _run(arguments: Sequence[str], folder: Path) -> str:
    command = [str(ZIG), *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        raise ToolError(f"{' '.join(command)}\n{result.stderr.strip()}")
    return result.stdout
