"""Debian's archive, through the machine's own apt: its mirror, its proxies, its credentials.

Only the suite is ours. No index is read here, and nothing of the machine's own apt state is
touched: a locked file has a path and a digest, and `apt-helper` fetches and verifies exactly that.
"""

import hashlib
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from layer.build.lock import Input

APT_HELPER = Path("/usr/lib/apt/apt-helper")
DEBIAN, SECURITY = "debian", "debian-security"
MIRROR_VARIABLE = "DEBIAN_MIRROR"
UNSANDBOXED = ("-o", "APT::Sandbox::User=root")
AT_ONCE = 4


class ArchiveError(Exception):
    """The archive cannot be reached, or does not hold what the lock names."""


def mirror() -> str:
    """The address of the folder that holds `debian/` and `debian-security/`, without a last slash.

    It is what the machine's apt uses, or `DEBIAN_MIRROR`.

    Raises:
        ArchiveError: The machine's apt knows no Debian archive, or there is no apt.
    """
    named = os.environ.get(MIRROR_VARIABLE, "").rstrip("/")
    return named or mirror_of(_configured_addresses())


def mirror_of(addresses: list[str]) -> str:
    """The mirror of the Debian archive among the addresses that apt uses.

    Raises:
        ArchiveError: None of them is one.
    """
    for address in addresses:
        parent, _, last = address.rstrip("/").rpartition("/")
        if last == DEBIAN:
            return parent
    raise ArchiveError(
        "the machine's apt configuration names no Debian archive (an address ending in /debian). "
        "Name the folder that holds debian/ and debian-security/ on a mirror: "
        f"{MIRROR_VARIABLE}=https://… make layer"
    )


def fetch(inputs: tuple[Input, ...], into: Path) -> None:
    """Have every one of `inputs` in the folder `into`, with the digest that the lock gives.

    Raises:
        ArchiveError: One of them is not to be had.
    """
    into.mkdir(parents=True, exist_ok=True)
    missing = [i for i in inputs if not _is_there(i, into / i.file_name)]
    if not missing:
        return
    base = mirror()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda wanted: _fetch_one(base, wanted, into / wanted.file_name), missing))


def _is_there(wanted: Input, file: Path) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == wanted.sha256


def _fetch_one(base: str, wanted: Input, file: Path) -> None:
    file.unlink(missing_ok=True)
    command = [str(APT_HELPER), *UNSANDBOXED, "download-file"]
    command += [f"{base}/{wanted.path}", str(file), f"SHA256:{wanted.sha256}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode or not _is_there(wanted, file):
        file.unlink(missing_ok=True)
        file.with_name(file.name + ".FAILED").unlink(missing_ok=True)
        raise ArchiveError(_explanation(wanted, result.stdout + result.stderr))


def _explanation(wanted: Input, said: str) -> str:
    what = f"{wanted.package} {wanted.version} ({wanted.architecture})"
    if "404" in said:
        return (
            f"the archive no longer holds {what}, which the lock names: Debian has replaced it, as "
            f"a rule by a security update. Run `make layer-update` to lock today's revisions, and "
            f"commit the change."
        )
    if "Hash Sum mismatch" in said:
        return (
            f"{what} is not the file that the lock names: its SHA-256 is not {wanted.sha256}. The "
            f"mirror is broken or has been tampered with. Nothing was built. If Debian itself has "
            f"changed the file, `make layer-update` shows it."
        )
    return f"apt could not fetch {what}:\n{said.strip()}"


def _configured_addresses() -> list[str]:
    if not shutil.which("apt-get") or not APT_HELPER.exists():
        raise ArchiveError(
            "the layer is built from Debian's archive through apt, and there is no apt here"
        )
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    return sorted(set(listed.stdout.split()))
