"""Fetch AWS's own Rapid core: `python -m tests.rapid.fetch DIRECTORY`.

The wheel of `aws-sam-cli` carries the Runtime Interface Emulator for each architecture as one
static executable. It is downloaded by the hash in `core.lock`, and only that one file is kept.
"""

import platform
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.supply_chain.sources import PackagesUnavailable
from tests.supply_chain.wheel import download

LOCK = Path(__file__).with_name("core.lock")
CORE = Path(__file__).parents[2] / "build" / "rapid" / "aws-lambda-rie"
ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


class FetchError(Exception):
    """The core cannot be had; the message says why and what to do."""


def member(system: str, machine: str) -> str:
    """Name the core's file inside the wheel for one kind of machine.

    Args:
        system: As `platform.system()` says it.
        machine: As `platform.machine()` says it.

    Raises:
        FetchError: The wheel carries no core for such a machine.
    """
    architecture = ARCHITECTURES.get(machine.lower())
    if system != "Linux" or architecture is None:
        known = ", ".join(sorted(ARCHITECTURES))
        raise FetchError(
            f"AWS's Rapid core runs on Linux on {known}; this is {system} on {machine}: "
            "run it in a Linux virtual machine"
        )
    return f"samcli/local/rapid/aws-lambda-rie-{architecture}"


def extract(wheel: Path, name: str, core: Path) -> None:
    """Take one executable out of a wheel; it appears under its name whole or not at all."""
    core.parent.mkdir(parents=True, exist_ok=True)
    unfinished = core.with_suffix(".part")
    with zipfile.ZipFile(wheel) as archive:
        unfinished.write_bytes(archive.read(name))
    unfinished.chmod(0o755)
    unfinished.replace(core)


def main(arguments: Sequence[str]) -> int:
    """Fetch the core for this machine into the directory that the command line names.

    Returns:
        The exit status: 0, 1 when it can't be had, 2 when no directory is named.
    """
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m tests.rapid.fetch DIRECTORY\n")
        return 2
    try:
        name = member(platform.system(), platform.machine())
        with tempfile.TemporaryDirectory() as directory:
            extract(download(LOCK, Path(directory)), name, Path(arguments[0]) / CORE.name)
    except (FetchError, PackagesUnavailable) as error:
        sys.stderr.write(f"tests.rapid.fetch: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
