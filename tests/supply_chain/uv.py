"""The locked uv: it installs what a lock names, and nothing else; `make lock` locks with it.

`python -m tests.supply_chain.uv install LOCK FOLDER` installs into a folder, as Lambda unpacks it.
Any other arguments are uv's own.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.supply_chain.sources import PackagesUnavailable, for_uv, pip_configuration

_ROOT = Path(__file__).parents[2]
BUILD_LOCK = _ROOT / "requirements-build.lock"
"""What packages that are not published as wheels are built with."""


def install(*locks: Path, into: Sequence[str | Path]) -> None:
    """Install exactly what locks name: what they don't name is removed.

    Packages are verified by their hashes, and dependencies that a lock forgot are not looked for.
    Where all have been downloaded before, no index is asked.

    Args:
        locks: The locks.
        into: Where to, as uv's options.

    Raises:
        PackagesUnavailable: uv could not.
    """
    build: list[str | Path] = ["--require-build-hashes", "--build-constraints", BUILD_LOCK]
    sync = ["pip", "sync", "--quiet", "--require-hashes", *build, *into, *locks]
    if run("--offline", *sync, stderr=subprocess.DEVNULL) and (status := run(*sync)):
        named = " and ".join(map(str, locks))
        raise PackagesUnavailable(
            f"uv could not install what {named} names (exit status {status}): see its message "
            "above. A package index must be reachable, as pip or uv is configured; a version that "
            "none has any more is replaced with `make lock PACKAGE=NAME`"
        )


def into_folder(folder: Path) -> list[str | Path]:
    """The options for a folder, with bytecode, as pip puts it there."""
    return ["--python", sys.executable, "--compile-bytecode", "--target", folder]


def run(*arguments: str | Path, stderr: int | None = None) -> int:
    """Run uv with the user's sources of packages, and no other settings.

    Args:
        arguments: Its arguments.
        stderr: Where what it says goes, as `subprocess.run` takes it.

    Returns:
        Its exit status.

    Raises:
        PackagesUnavailable: pip can't say what the sources are.
    """
    command = [sys.executable, "-m", "uv", *arguments]
    return subprocess.run(command, env=_environment(), stderr=stderr, check=False).returncode  # noqa: S603


@cache
def _environment() -> dict[str, str]:
    return for_uv(pip_configuration(sys.executable, os.environ), os.environ)


def main(arguments: Sequence[str]) -> int:
    """Run uv, or install a lock into a folder.

    Returns:
        The exit status.
    """
    try:
        match arguments:
            case ["install", lock, folder]:
                install(Path(lock), into=into_folder(Path(folder)))
                return 0
            case _:
                return run(*arguments)
    except PackagesUnavailable as error:
        sys.stderr.write(f"tests.supply_chain.uv: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
