"""What the layer is built from: what is locked or, where that is gone, what stands in for it.

Debian's mirrors drop a file once it has been replaced, and the snapshot archive is not to be
reached from everywhere. Who wants to try Warmkey, or to test a change, goes on with the suite's
current versions, verified by the archive's signature. What users get is built of locked files.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from layer.build.inputs import renewal
from layer.build.inputs.archive import Unavailable
from layer.build.inputs.lock import Lock
from layer.build.inputs.mirrors import ArchiveError
from layer.build.plan import LOCK, Build
from layer.build.progress import Step, silent
from layer.build.stages import is_made, remove, stage
from layer.build.targets import Target

CURRENT = "current.lock"
"""Below the build's folder: Debian's current versions, in the form of the lock."""
MEND = (
    "The layer and a release are built of locked files alone. Lock what Debian has now: "
    "`make layer-update`, then `make layer`"
)


def standing(work: Path, lock: Path = LOCK) -> Lock:
    """The lock, or what stands in for it since its files could not be had.

    Args:
        work: The build's folder.
        lock: The lock's file.
    """
    current = work / CURRENT
    return Lock.read(current, unlocked=True) if is_made(current, [lock]) else Lock.read(lock)


def obtain(
    work: Path,
    wanted: Sequence[Target],
    step: Step = silent,
    *,
    or_current: bool,
    lock: Path = LOCK,
) -> Build:
    """A build whose inputs are all there.

    Args:
        work: The build's folder.
        wanted: For which architectures.
        step: Tells of the downloads.
        or_current: Whether Debian's current versions may stand in for what is locked. They stay
            until the lock changes or its files can be had, so that one run is like the next.
        lock: The lock's file.

    Raises:
        ArchiveError: The inputs are not to be had.
    """
    current = work / CURRENT
    if or_current and (held := standing(work, lock)).unlocked:
        with suppress(Unavailable):  # Debian may have replaced these, too
            return _fetched(held, work, wanted, step)
    locked = Lock.read(lock)
    try:
        build = _fetched(locked, work, wanted, step)
    except Unavailable as gone:
        if not or_current:
            raise ArchiveError(f"{gone}. {MEND}") from gone
        remove(current)
        _renew(gone, locked, work, lock, step)
        return _fetched(standing(work, lock), work, wanted, step)
    remove(current)
    return build


def _fetched(held: Lock, work: Path, wanted: Sequence[Target], step: Step) -> Build:
    build = Build(held, work, step)
    build.fetch(wanted)
    return build


def _renew(gone: Unavailable, held: Lock, work: Path, lock: Path, step: Step) -> None:
    try:
        with step("Debian's current versions"):
            stage(work / CURRENT, [lock], lambda into: renewal.renew(work, held).write(into))
    except ArchiveError as error:
        raise ArchiveError(
            f"{gone}. Nor can Debian's current versions stand in for it: {error}"
        ) from error


def note(held: Lock, lock: Path = LOCK) -> str:
    """What must be said of a build before it is used, in one line; nothing of a locked one.

    Args:
        held: What it is built from.
        lock: The lock's file.
    """
    if not held.unlocked:
        return ""
    locked = {(i.package, i.version) for i in Lock.read(lock).inputs}
    replaced = {i.package for i in held.inputs if (i.package, i.version) not in locked}
    return (
        f"Not the locked layer: Debian has replaced {', '.join(sorted(replaced))}; its current "
        f"versions, verified by its signature, stand in. `make layer-update` locks them."
    )
