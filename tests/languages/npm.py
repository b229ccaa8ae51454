"""Node.js and npm, as this machine has them."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.languages.attempt import stage_once
from tests.languages.language import Unavailable

LOCK = ("package.json", "package-lock.json")


def tool(name: str) -> Path:
    """Where `node` or `npm` is.

    Raises:
        Unavailable: It is nowhere.
    """
    found = shutil.which(name)
    if found is None:
        raise Unavailable(
            f"there is no Node.js (`{name}`): `make tools` installs it, or https://nodejs.org"
        )
    return Path(found)


def installed(lock: Path, at: Path) -> Path:
    """Have everything installed that a lock names; what is built natively is built for this Node.

    Args:
        lock: The folder of `package.json` and `package-lock.json`.
        at: The folder that is to hold both, and `node_modules`; kept as long as nothing changes.

    Returns:
        `at`.

    Raises:
        Unavailable: There is no Node or no npm, or npm fails.
    """
    files = [lock / name for name in LOCK]

    def make(place: Path) -> None:
        place.mkdir()
        for file in files:
            shutil.copy(file, place)
        npm(place, "ci", "--no-audit", "--no-fund")

    return stage_once(at, [_node_version(), *files], make)


def npm(place: Path, *arguments: str) -> str:
    """Run npm in a folder; return what it prints.

    Raises:
        Unavailable: There is none, or it fails.
    """
    return _run([tool("npm"), *arguments], place)


def _node_version() -> str:
    return _run([tool("node"), "--version"])


def _run(command: Sequence[str | Path], place: Path | None = None) -> str:
    done = subprocess.run(  # noqa: S603
        command, cwd=place, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-20:])
        raise Unavailable(f"{' '.join(map(str, command))} says:\n{said}")
    return done.stdout


def _environment() -> dict[str, str]:
    """This process's, with Node's own headers for what is built natively, if they came with it."""
    prefix = tool("node").resolve().parents[1]
    headers = {"npm_config_nodedir": str(prefix)}
    known = (prefix / "include/node/node_api.h").is_file()
    return {**os.environ, "npm_config_update_notifier": "false", **(headers if known else {})}
