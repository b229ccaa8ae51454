"""Where Debian's files are: on the machine's mirror, and in the archive of every version.

The mirror is what the machine's apt uses, and holds what is current. Debian's snapshot archive
(https://snapshot.debian.org/) holds what every mirror held at a given time.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from layer.build.inputs.lock import TIME

APT_HELPER = Path("/usr/lib/apt/apt-helper")
DEBIAN, SECURITY = "debian", "debian-security"
ARCHIVES = (DEBIAN, SECURITY)
LABELS = {"Debian": DEBIAN, "Debian-Security": SECURITY}
"""The archives by the label that their indexes bear, whatever the folder is called."""
MIRROR_VARIABLE, SNAPSHOT_VARIABLE = "DEBIAN_MIRROR", "DEBIAN_SNAPSHOT"
PUBLIC = "http://deb.debian.org"
"""What Debian's own images use, without TLS: every file and every index is verified."""
SNAPSHOT = "https://snapshot.debian.org/archive"
SETTLED = timedelta(days=1)
"""How long after the lock was made the snapshot is taken.

A snapshot is that of the last import before the time that is asked for, and imports are hours
apart; so the one at the time of the lock may lack what the lock has just found. A file that has
been replaced stays for a day and a half: `StayOfExecution` in Debian's dak.conf.
"""
_SOON = tuple(
    word
    for setting in ("Retries=1", "http::Timeout=20", "https::Timeout=20")
    for word in ("-o", f"Acquire::{setting}")
)
"""A network may drop what goes there, and there is a way on: who waits is told within a minute."""
_LIST_OF_MIRRORS = "mirror+file:"


_USER = re.compile(r"(?<=://)[^/@\s]*@")


class ArchiveError(Exception):
    """The archive cannot be reached, or does not hold what it must.

    Args:
        message: For people; users and passwords in its addresses are left out.
    """

    def __init__(self, message: str) -> None:
        super().__init__(_USER.sub("", message))


@dataclass(frozen=True, slots=True)
class Mirror:
    """The addresses of Debian's two archives, in one place.

    Attributes:
        name: What messages call it.
        archives: The address of each, without a last slash.
        options: What apt is told besides, to reach them.
    """

    name: str
    archives: Mapping[str, str]
    options: tuple[str, ...] = ()

    def address(self, path: str) -> str:
        """Where a file of the lock is."""
        archive, _, rest = path.partition("/")
        return f"{self.archives[archive]}/{rest}"

    def path(self, address: str) -> str:
        """The path, as in the lock, of the file at an address."""
        for archive, base in self.archives.items():
            if address.startswith(base + "/"):
                return archive + address.removeprefix(base)
        raise ArchiveError(f"{address} is on no archive of {self.name}")


def apt_environment() -> dict[str, str]:
    """The variables for apt: it speaks English, and is told of proxies as it wants to be told.

    Source: of `HTTP_PROXY` and `http_proxy` it reads the second alone (methods/http.cc).
    """
    proxies = {name: os.environ.get(name.upper()) for name in ("http_proxy", "https_proxy")}
    told = {name: address for name, address in proxies.items() if address}
    return {**told, **os.environ, "LC_ALL": "C"}


def mirror() -> Mirror:
    """The machine's: what its apt uses, or the folder that `DEBIAN_MIRROR` names.

    Raises:
        ArchiveError: There is no apt.
    """
    if not shutil.which("apt-get") or not APT_HELPER.exists():
        raise ArchiveError(
            "the layer is built from Debian's archive through apt, and there is no apt here"
        )
    if named := os.environ.get(MIRROR_VARIABLE):
        return _below(named)
    return mirror_of(_configured())


def mirror_of(configured: Iterable[tuple[str, str]]) -> Mirror:
    """The mirror of a machine, which is Debian's public one where its apt knows none.

    Args:
        configured: Addresses that its apt uses, each with the label of its indexes, if known.
    """
    found: dict[str, str] = {}
    for listed, label in configured:
        for address in _listed(listed):
            archive = LABELS.get(label, address.rpartition("/")[2])
            if archive in ARCHIVES:
                found.setdefault(archive, address)
    archives = {archive: found.get(archive, f"{PUBLIC}/{archive}") for archive in ARCHIVES}
    return Mirror(f"the mirror {archives[DEBIAN].rpartition('/')[0]}", archives)


def snapshot(made: datetime) -> Mirror:
    """The snapshot archive when it holds everything that a lock names; `DEBIAN_SNAPSHOT` its place.

    Args:
        made: When the lock was made.
    """
    place = (os.environ.get(SNAPSHOT_VARIABLE) or SNAPSHOT).rstrip("/")
    at = (made + SETTLED).strftime(TIME)
    archives = {archive: f"{place}/{archive}/{at}" for archive in ARCHIVES}
    return Mirror(f"the snapshot archive {place}", archives, _SOON)


def both(made: datetime) -> Iterator[Mirror]:
    """Where the files of a lock are looked for, in this order; each is found out when needed.

    Args:
        made: When the lock was made.
    """
    yield mirror()
    yield snapshot(made)


def _below(folder: str) -> Mirror:
    base = folder.rstrip("/")
    return Mirror(f"the mirror {base}", {archive: f"{base}/{archive}" for archive in ARCHIVES})


def _listed(address: str) -> list[str]:
    """The addresses that one of apt's stands for, without their last slash."""
    if not address.startswith(_LIST_OF_MIRRORS):
        return [address.rstrip("/")]
    file = Path(re.sub("^/+", "/", address.removeprefix(_LIST_OF_MIRRORS)).rstrip("/"))
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [line.split()[0].rstrip("/") for line in lines if line and not line.startswith("#")]


def _configured() -> list[tuple[str, str]]:
    """All that apt's configuration names; with a label, what `apt-get update` has seen."""
    rows: list[tuple[str, str]] = []
    for options in ([], ["--no-release-info"]):
        command = ["apt-get", "indextargets", *options, "--format", "$(REPO_URI)\t$(LABEL)"]
        listed = subprocess.run(command, capture_output=True, text=True, check=False)
        if listed.returncode:
            raise ArchiveError(f"apt cannot read its sources:\n{listed.stderr.strip()}")
        for line in listed.stdout.splitlines():
            address, _, label = line.partition("\t")
            rows.append((address, label))
    return list(dict.fromkeys(rows))
