"""Renewal of the lock: what Debian's suite holds today, resolved with apt.

apt verifies the signature of the suite's index, the index gives every file's digest, and the lock
keeps it. The state of that apt is the build's own.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from layer.build.archive import DEBIAN, SECURITY, UNSANDBOXED, ArchiveError, mirror
from layer.build.lock import SOURCE, Input, Lock
from layer.build.targets import TARGETS, Target

SUITE = "trixie"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PYTHON = "python3.13"
STDLIB = (f"lib{PYTHON}-minimal", f"lib{PYTHON}-stdlib")
TESTSUITE = f"lib{PYTHON}-testsuite"
KEYRING_PACKAGE = "debian-archive-keyring"  # what the suite's signature is verified with
NOT_BUILT = (TESTSUITE, KEYRING_PACKAGE)
# What each architecture's executables are compiled and linked from.
PACKAGES = (
    "base-files",  # the texts of the common licences
    "ca-certificates",
    "gcc-14-base",  # the licence of libgcc
    "libc6-dev",
    "libexpat1-dev",
    "libgcc-14-dev",
    f"lib{PYTHON}-dev",
    *STDLIB,
    "libssl-dev",
    "linux-libc-dev",
    "musl-dev",
    "zlib1g-dev",
)
PRINTED = re.compile(
    r"'(?P<address>[^']+)' (?P<file>\S+) (?P<size>\d+) SHA256:(?P<sha256>[0-9a-f]{64})"
)


def renew(state: Path) -> Lock:
    """Resolve every package in today's suite.

    Args:
        state: A folder for apt's indexes.

    Raises:
        ArchiveError: The archive or its keyring is not to be had.
    """
    if not KEYRING.exists():
        raise ArchiveError(f"{KEYRING} is missing: install the package debian-archive-keyring")
    base = mirror()
    found: list[Input] = []
    for target in TARGETS:
        apt = _Apt(state / target.debian, base, target)
        apt.run("update")
        found += apt.resolved(base, ["download", "--print-uris", *PACKAGES, *NOT_BUILT])
    version = next(i.version for i in found if i.package == f"lib{PYTHON}-dev")
    source = apt.resolved(
        base, ["source", "--print-uris", "--download-only", f"{PYTHON}={version}"]
    )
    found += [_of_source(part, version) for part in source if ".tar." in part.path]
    return Lock.of(i for i in found if not i.path.endswith(".asc"))


def _of_source(part: Input, version: str) -> Input:
    return Input(SOURCE, PYTHON, version, part.path, part.size, part.sha256)


class _Apt:
    """apt-get with indexes, cache and status of its own, for one architecture."""

    def __init__(self, state: Path, base: str, target: Target) -> None:
        for folder in ("lists/partial", "cache/archives/partial"):
            (state / folder).mkdir(parents=True, exist_ok=True)
        (state / "status").write_text("", encoding="utf-8")
        (state / "suite.sources").write_text(_sources(base), encoding="utf-8")
        options = {
            "APT::Architecture": target.debian,
            "APT::Architectures": target.debian,
            "Dir::State": state,
            "Dir::State::lists": state / "lists",
            "Dir::State::status": state / "status",
            "Dir::Cache": state / "cache",
            "Dir::Etc::sourcelist": state / "suite.sources",
            "Dir::Etc::sourceparts": "/dev/null",
            "Acquire::Languages": "none",
        }
        self._options = [x for name, value in options.items() for x in ("-o", f"{name}={value}")]

    def run(self, *arguments: str) -> str:
        command = ["apt-get", "-qq", *UNSANDBOXED, *self._options, *arguments]
        environment = {**os.environ, "LC_ALL": "C"}
        result = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment
        )
        if result.returncode:
            raise ArchiveError(f"apt-get {' '.join(arguments)} failed:\n{result.stderr.strip()}")
        return result.stdout

    def resolved(self, base: str, arguments: list[str]) -> list[Input]:
        return list(inputs_printed(base, self.run(*arguments)))


def _sources(base: str) -> str:
    suites = {DEBIAN: f"{SUITE} {SUITE}-updates", SECURITY: f"{SUITE}-security"}
    return "\n".join(
        f"Types: deb deb-src\nURIs: {base}/{folder}\nSuites: {names}\n"
        f"Components: main\nSigned-By: {KEYRING}\n"
        for folder, names in suites.items()
    )


def inputs_printed(base: str, printed: str) -> Iterator[Input]:
    """The inputs that `apt-get … --print-uris` has listed."""
    for row in PRINTED.finditer(printed):
        path = row["address"].removeprefix(base + "/")
        package, version, architecture = _named(row["file"])
        yield Input(architecture, package, version, path, int(row["size"]), row["sha256"])


def _named(file: str) -> tuple[str, str, str]:
    """Package, version and architecture, out of the name that apt gives a file."""
    stem = file.removesuffix(".deb").split("_")
    return stem[0], unquote(stem[1]) if len(stem) > 1 else "", stem[2] if len(stem) > 2 else SOURCE
