"""Renewal of the lock: what Debian's suite holds today, resolved with apt.

apt verifies the signature of the suite's index, the index gives every file's digest, and the lock
keeps it. The state of that apt is the build's own.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from layer.build.inputs import deb, mirrors
from layer.build.inputs.archive import UNSANDBOXED, Unavailable, fetch
from layer.build.inputs.lock import SOURCE, Input, Lock
from layer.build.inputs.mirrors import DEBIAN, SECURITY, ArchiveError, Mirror
from layer.build.stages import remove
from layer.build.targets import TARGETS, Target

SUITE = "trixie"
KEYRING = "usr/share/keyrings/debian-archive-keyring.gpg"
PYTHON = "python3.13"
STDLIB = (f"lib{PYTHON}-minimal", f"lib{PYTHON}-stdlib")
TESTSUITE = f"lib{PYTHON}-testsuite"
KEYRING_PACKAGE = "debian-archive-keyring"  # what the suite's signature is verified with
EMULATOR = "qemu-user"  # runs the seed of the other architecture
NOT_BUILT = (TESTSUITE, KEYRING_PACKAGE, EMULATOR)
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


def renew(work: Path, held: Lock) -> Lock:
    """Resolve every package in today's suite.

    Args:
        work: The build's folder: downloads and apt's indexes go there.
        held: The lock so far, whose keys of the archive are trusted.

    Raises:
        ArchiveError: The archive or its keys are not to be had, or its signature is not good.
    """
    mirror = mirrors.mirror()
    trusted = trust(held, mirror, work)
    found: list[Input] = []
    for target in TARGETS:
        apt = _Apt(work / "apt" / target.debian, mirror, trusted, target)
        apt.run("update", "--error-on=any")
        found += apt.resolved("download", "--print-uris", *PACKAGES, *NOT_BUILT)
    version = next(i.version for i in found if i.package == f"lib{PYTHON}-dev")
    source = apt.resolved("source", "--print-uris", "--download-only", f"{PYTHON}={version}")
    found += [_of_source(part, version) for part in source if ".tar." in part.path]
    return Lock.of(i for i in found if not i.path.endswith(".asc"))


def trust(held: Lock, mirror: Mirror, work: Path) -> Path:
    """The keys of Debian's archive: those that are locked or, where they are gone, the machine's.

    Returns:
        A folder that holds them.

    Raises:
        ArchiveError: There are neither.
    """
    locked = [i for i in held.inputs if i.package == KEYRING_PACKAGE]
    downloads, unpacked, trusted = work / "inputs", work / "apt/keyring", work / "apt/trusted"
    try:
        fetch(locked, downloads, [mirror])
    except Unavailable:
        locked = []
    remove(unpacked)
    for package in locked:
        deb.unpack(downloads / package.file_name, unpacked)
    for root in (unpacked, Path("/")):
        if (root / KEYRING).exists():
            trusted.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / KEYRING, trusted)
            return trusted
    raise ArchiveError(
        f"the keys that Debian signs its archive with are missing: install {KEYRING_PACKAGE} "
        f"(apt-get install {KEYRING_PACKAGE}), which brings /{KEYRING}"
    )


def _of_source(part: Input, version: str) -> Input:
    return Input(SOURCE, PYTHON, version, part.path, part.size, part.sha256)


class _Apt:
    """apt-get with indexes, cache, status and configuration of its own, for one architecture.

    Of the machine's configuration it has how to reach a mirror, and nothing else: neither its
    hooks, nor its pins, nor a permission to use what is not signed.
    """

    def __init__(self, state: Path, mirror: Mirror, trusted: Path, target: Target) -> None:
        for folder in ("lists/partial", "cache/archives/partial"):
            (state / folder).mkdir(parents=True, exist_ok=True)
        (state / "status").write_text("", encoding="utf-8")
        (state / "suite.sources").write_text(_sources(mirror), encoding="utf-8")
        (state / "apt.conf").write_text(_how_to_reach(), encoding="utf-8")
        options = {
            "APT::Architecture": target.debian,
            "APT::Architectures": target.debian,
            "Acquire::AllowDowngradeToInsecureRepositories": "false",
            "Acquire::AllowInsecureRepositories": "false",
            "Acquire::AllowWeakRepositories": "false",
            "Acquire::Languages": "none",
            "Dir::Cache": state / "cache",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::Etc::sourcelist": state / "suite.sources",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::trusted": "/dev/null",
            "Dir::Etc::trustedparts": trusted,
            "Dir::State": state,
            "Dir::State::lists": state / "lists",
            "Dir::State::status": state / "status",
        }
        self._options = [x for name, value in options.items() for x in ("-o", f"{name}={value}")]
        self._environment = {**mirrors.apt_environment(), "APT_CONFIG": str(state / "apt.conf")}
        self._mirror = mirror

    def run(self, *arguments: str) -> str:
        command = ["apt-get", "-qq", *UNSANDBOXED, *self._options, *arguments]
        result = subprocess.run(
            command, capture_output=True, text=True, check=False, env=self._environment
        )
        if result.returncode:
            raise ArchiveError(f"apt-get {' '.join(arguments)} failed:\n{result.stderr.strip()}")
        return result.stdout

    def resolved(self, *arguments: str) -> list[Input]:
        return list(inputs_printed(self._mirror, self.run(*arguments)))


def _how_to_reach() -> str:
    """A configuration of the machine's proxies, time-outs and the like alone."""
    command = ["apt-config", "dump", "Acquire"]
    dump = subprocess.run(command, capture_output=True, text=True, check=True)
    kept = [line for line in dump.stdout.splitlines() if "::IndexTargets" not in line]
    return "\n".join([*kept, 'Dir::Etc::main "/dev/null";', 'Dir::Etc::parts "/dev/null";', ""])


def _sources(mirror: Mirror) -> str:
    suites = {DEBIAN: f"{SUITE} {SUITE}-updates", SECURITY: f"{SUITE}-security"}
    return "\n".join(
        f"Types: deb deb-src\nURIs: {mirror.archives[archive]}\nSuites: {names}\nComponents: main\n"
        for archive, names in suites.items()
    )


def inputs_printed(mirror: Mirror, printed: str) -> Iterator[Input]:
    """The inputs that `apt-get … --print-uris` has listed."""
    for row in PRINTED.finditer(printed):
        package, version, architecture = _named(row["file"])
        path = mirror.path(row["address"])
        yield Input(architecture, package, version, path, int(row["size"]), row["sha256"])


def _named(file: str) -> tuple[str, str, str]:
    """Package, version and architecture, out of the name that apt gives a file."""
    stem = file.removesuffix(".deb").split("_")
    return stem[0], unquote(stem[1]) if len(stem) > 1 else "", stem[2] if len(stem) > 2 else SOURCE
