"""Files of Debian's archive, fetched through the machine's own apt: its proxies, its credentials.

No index is read here, and nothing of the machine's own apt state is touched: a locked file has a
path and a digest, and `apt-helper` fetches and verifies exactly that.
"""

import hashlib
import re
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from layer.build.inputs.lock import Input
from layer.build.inputs.mirrors import (
    APT_HELPER,
    MIRROR_VARIABLE,
    ArchiveError,
    Mirror,
    apt_environment,
)

UNSANDBOXED = ("-o", "APT::Sandbox::User=root")
AT_ONCE = 4
GONE = "no longer holds it"
ABSENT = re.compile(r"\b404  Not Found|\bFile not found\b")
SAID = re.compile(r"^E: (?:Failed to fetch \S+ +)?(?!Download Failed)(\S.*)$", re.MULTILINE)


class Unavailable(ArchiveError):
    """A file is on none of the mirrors that can be reached."""

    def __init__(self, wanted: Input, tried: Iterable[tuple[Mirror, str]]) -> None:
        where = "; ".join(f"{mirror.name} {reason}" for mirror, reason in tried)
        super().__init__(f"{_what(wanted)} is not to be had: {where}")


class WrongFile(ArchiveError):
    """A mirror holds another file than the lock: it is broken, or has been tampered with."""

    def __init__(self, wanted: Input, mirror: Mirror) -> None:
        super().__init__(
            f"{_what(wanted)} from {mirror.name} is not the file that the lock names: its SHA-256 "
            f"is not {wanted.sha256}. The mirror is broken or has been tampered with, and nothing "
            f"was built. Name another, the folder that holds debian/ and debian-security/: "
            f"{MIRROR_VARIABLE}=https://… make …"
        )


def fetch(
    inputs: Iterable[Input],
    into: Path,
    mirrors: Iterable[Mirror],
    arrived: Callable[[int], None] = lambda _: None,
) -> None:
    """Have every one of `inputs` in the folder `into`, with the digest that the lock gives.

    A mirror is asked for what those before it do not have. What is there already is not asked for.

    Args:
        inputs: The files.
        into: The folder.
        mirrors: Where they may be.
        arrived: Is told of each file that has come, by its size in bytes.

    Raises:
        Unavailable: One of them is on no mirror.
        WrongFile: A mirror has another in its place; no further one is asked.
    """
    into.mkdir(parents=True, exist_ok=True)
    missing = [i for i in inputs if not is_there(i, into)]
    reasons: list[tuple[Mirror, dict[Input, str]]] = []
    for mirror in mirrors if missing else ():
        failures = _fetch_from(mirror, missing, into, arrived)
        missing = list(failures)
        if not missing:
            return
        reasons.append((mirror, failures))
    if missing:
        raise Unavailable(missing[0], [(m, reason[missing[0]]) for m, reason in reasons])


def is_there(wanted: Input, folder: Path) -> bool:
    """Whether a folder holds the file that an input names."""
    file = folder / wanted.file_name
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == wanted.sha256


def _fetch_from(
    mirror: Mirror, inputs: list[Input], into: Path, arrived: Callable[[int], None]
) -> dict[Input, str]:
    """Fetch from one mirror.

    Returns:
        What it did not give, and why. Where it can't be reached, it is not asked again.
    """
    unreachable = Event()

    def fetch_one(wanted: Input) -> str:
        if unreachable.is_set():
            return "cannot be reached"
        reason = _fetch_one(mirror, wanted, into)
        if not reason:
            arrived(wanted.size)
        elif reason != GONE:
            unreachable.set()
        return reason

    with ThreadPoolExecutor(AT_ONCE) as pool:
        reasons = pool.map(fetch_one, inputs)
        return {wanted: reason for wanted, reason in zip(inputs, reasons, strict=True) if reason}


def _fetch_one(mirror: Mirror, wanted: Input, into: Path) -> str:
    """Fetch a file.

    Returns:
        Why it could not be had, or nothing.
    """
    file = into / wanted.file_name
    file.unlink(missing_ok=True)
    command = [str(APT_HELPER), *UNSANDBOXED, *mirror.options, "download-file"]
    command += [mirror.address(wanted.path), str(file), f"SHA256:{wanted.sha256}"]
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, env=apt_environment()
    )
    if not result.returncode and is_there(wanted, into):
        return ""
    file.unlink(missing_ok=True)
    file.with_name(file.name + ".FAILED").unlink(missing_ok=True)
    if not result.returncode or "Hash Sum mismatch" in result.stderr:
        raise WrongFile(wanted, mirror)
    if ABSENT.search(result.stderr):
        return GONE
    return f"cannot be reached: {'; '.join(SAID.findall(result.stderr))}"


def _what(wanted: Input) -> str:
    return f"{wanted.package} {wanted.version} ({wanted.architecture})"
