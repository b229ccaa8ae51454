"""A checkout whose Python packages are made up: its locks name them, an index offers them.

Names, versions and markers are those of the real locks, and the commands that install them are the
project's. Each package requires the next one of its lock with an extra that the lock does not name,
as pytest-cov requires `coverage[toml]`: pip before 23.3 then looks for the newest of that.
"""

import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from packaging.requirements import Requirement
from uv import find_uv_bin

from layer.build.plan import REPOSITORY
from tests.fakes.distribution import Distribution, wheel
from tests.fakes.package_index import FakePackageIndex

UV = "requirements-uv.lock"
DEVELOPMENT = "requirements-dev.lock"
FUNCTION = "handler_example/python/requirements.lock"
TEMPLATES = "tests/templates/requirements.lock"
# The function's packages, which others use, too, require one another.
_LOCKS = (FUNCTION, UV, DEVELOPMENT, TEMPLATES, "requirements-build.lock")
NEWER = "9999"
"""The version of everything that came out after the locks were made."""

# What installs is real: the made-up packages of that name lead to those of this environment.
_REAL = "import os, sys\nos.execv({0[0]!r}, [*{0!r}, *sys.argv[1:]])\n"
_FILES = {
    "pip": {"pip/__main__.py": _REAL.format([sys.executable, "-m", "pip"])},
    "uv": {"uv/__main__.py": _REAL.format([find_uv_bin()])},
}


def locked(*locks: str) -> dict[str, str]:
    """The versions that locks name for this machine, by the packages' names."""
    return {
        each.name: _version(each)
        for lock in locks
        for each in _requirements(REPOSITORY / lock)
        if each.marker is None or each.marker.evaluate()
    }


class Checkout:
    """The project's files, with locks of made-up packages.

    Args:
        folder: Where it is made.
        index: What is to offer the packages.
        python: The interpreter that `make` is told to use.
    """

    def __init__(self, folder: Path, index: FakePackageIndex, python: str | Path) -> None:
        self.folder = folder / "a checkout"
        self._index = index
        self._python = python
        self._made: dict[tuple[str, str], Distribution] = {}
        self._environ = {
            "HOME": str(folder / "home"),
            "NO_PROXY": "127.0.0.1",
            "PATH": os.environ["PATH"],
            "PIP_INDEX_URL": index.url,
            "PIP_NO_CACHE_DIR": "1",
            "UV_CACHE_DIR": str(folder / "cache"),
        }
        _link(REPOSITORY, self.folder, set(map(Path, _LOCKS)))
        for lock in _LOCKS:
            (self.folder / lock).write_text(self._offer(REPOSITORY / lock), encoding="utf-8")

    def run(
        self, *command: str | Path, environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command there that finds the index, and no other.

        Args:
            command: The command.
            environ: More variables, or others.
        """
        return subprocess.run(  # noqa: S603
            command,
            cwd=self.folder,
            env={**self._environ, **(environ or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    def make(
        self, target: str, environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Make a file there, as `make` does it."""
        return self.run("make", f"PYTHON={self._python}", target, environ=environ)

    def installed(self, place: str) -> dict[str, str]:
        """The versions of what lies in a folder of packages, by the packages' names."""
        [folder] = self.folder.glob(place)
        found = importlib.metadata.distributions(path=[str(folder)])
        return {each.name: each.version for each in found}

    def _offer(self, lock: Path) -> str:
        """Offer what a lock names, and what came out later; return the lock of it."""
        requirements = _requirements(lock)
        following = [*requirements[1:], requirements[0]]
        return "".join(map(self._offer_one, requirements, following))

    def _offer_one(self, requirement: Requirement, following: Requirement) -> str:
        version = _version(requirement)
        self._made_up(requirement.name, NEWER, following.name)
        made = self._made_up(requirement.name, version, following.name)
        marker = f" ; {requirement.marker}" if requirement.marker else ""
        return f"{requirement.name}=={version}{marker} --hash=sha256:{made.sha256}\n"

    def _made_up(self, name: str, version: str, required: str) -> Distribution:
        """A wheel that is offered; the same for every lock that names it."""
        if (name, version) not in self._made:
            requires = [f"{required}[more]"]
            made = wheel(name, version, requires=requires, files=_FILES.get(name))
            self._made[name, version] = made
            self._index.offer(made)
        return self._made[name, version]


def _requirements(lock: Path) -> Sequence[Requirement]:
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [Requirement(line.rstrip("\\ ")) for line in lines if "==" in line.partition(";")[0]]


def _version(requirement: Requirement) -> str:
    [pin] = requirement.specifier
    return pin.version


def _link(folder: Path, to: Path, locks: set[Path]) -> None:
    """Link to everything but the locks and what is made."""
    to.mkdir(parents=True)
    for path in folder.iterdir():
        inside = {Path(*lock.parts[1:]) for lock in locks if lock.parts[0] == path.name}
        if path.is_dir() and inside:
            _link(path, to / path.name, inside)
        elif not inside and path.name not in {".git", ".venv", "build", "dist"}:
            (to / path.name).symlink_to(path)
