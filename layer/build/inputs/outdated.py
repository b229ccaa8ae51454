"""Whether Debian has newer inputs than the lock: its suite, and above all its security suite."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from layer.build.inputs.lock import Input, Lock
from layer.build.inputs.mirrors import SECURITY, ArchiveError

OUTDATED, UNKNOWN = 1, 2
"""The exit statuses where something is newer, and where the archive can't be asked."""


def newer(locked: Lock, today: Lock) -> Iterator[str]:
    """Say, a line for each package, what there is now and what is locked.

    Args:
        locked: The lock.
        today: What a renewal would lock.
    """
    held = {_key(each): each.version for each in locked.inputs}
    offered = {_key(each): each for each in today.inputs}
    for key, each in sorted(offered.items()):
        if held.get(key) != each.version:
            package, architecture = key
            security = ", a security update" if each.path.startswith(f"{SECURITY}/") else ""
            was = held.get(key, "not locked")
            yield f"{package} ({architecture}): {was} → {each.version}{security}"


def check(locked: Lock, renew: Callable[[Path, Lock], Lock], work: Path) -> int:
    """Print what is newer than the lock.

    Args:
        locked: The lock.
        renew: Resolves every package in today's suites; `renewal.renew`.
        work: The build's folder.

    Returns:
        The exit status: 0 where nothing is newer, else `OUTDATED` or `UNKNOWN`.
    """
    try:
        lines = list(newer(locked, renew(work, locked)))
    except ArchiveError as error:
        print(f"can't tell whether the layer is outdated: {error}", file=sys.stderr)
        return UNKNOWN
    print("\n".join(lines) or "the layer is built from what Debian holds today")
    if lines:
        print("update with make layer-update, then make layer")
    return OUTDATED if lines else 0


def _key(each: Input) -> tuple[str, str]:
    return each.package, each.architecture
