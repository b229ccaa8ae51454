"""One start of an extension, from exec until its secret can be read."""

import os
import signal
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from tests.bench import cores
from tests.bench.peer import Peer
from tests.bench.start.condition import Condition
from tests.bench.start.page_cache import cached, evict
from tests.bench.start.reader import Reader
from tests.bench.usage import resident
from tests.bench.world import ALIAS, SECRET, TOKEN, Moments, World
from tests.patience import PATIENCE


class StartFailed(Exception):
    """An extension did not do what all do; the message holds what it printed."""


@dataclass(frozen=True, slots=True)
class ColdStart:
    """What one start took. Times in milliseconds since the process was asked for.

    Attributes:
        registered: The register request had come.
        called: The first call to SSM had come; None for who makes none.
        secret: A reader that tried from the first instant had the value; None likewise.
        ready: The request for the first event had come.
        cpu: CPU time, user's and system's, in milliseconds.
        rss: Resident memory, in mebibytes.
        read: What was read from disk, in megabytes; None where nothing had to be.
    """

    registered: float
    called: float | None
    secret: float | None
    ready: float
    cpu: float
    rss: float
    read: float | None


def cold_start(peer: Peer, world: World, condition: Condition) -> ColdStart:
    """Start an extension and end it when it is ready.

    Args:
        peer: The extension.
        world: What is around it.
        condition: Under which conditions.

    Raises:
        StartFailed: It was not ready, or its secret not to be read, in time.
        StillCached: Its files can't be dropped from the page cache.
    """
    if condition.cold:
        evict(peer.files())
    moments = world.begin(condition.answering, condition.connecting)
    environment = {**world.lambda_environment(), **world.environment(peer)}
    with cores.left(condition.core_count) as here, _reader(peer, world) as reader:
        with here():
            began = time.monotonic()
            pid, output = _spawn(peer.executable, environment)
        try:
            ready = moments.init_done.wait(PATIENCE)
            secret = reader.wait(PATIENCE) if reader and ready else None
            rss = resident(pid)
        finally:
            os.kill(pid, signal.SIGKILL)
            _, _, usage = os.wait4(pid, 0)
            with os.fdopen(output, errors="backslashreplace") as printed:
                said = printed.read().strip() or "it printed nothing"
    if not ready or (reader and secret is None):
        raise StartFailed(f"{peer.label} did not start in {PATIENCE:.0f} s ({moments}): {said}")
    return _measured(
        began,
        moments,
        secret,
        cpu=1000 * (usage.ru_utime + usage.ru_stime),
        rss=rss,
        read=cached(peer.files()) / 1e6 if condition.cold else None,
    )


def _reader(peer: Peer, world: World) -> Reader | nullcontext[None]:
    if not peer.serves:
        return nullcontext()
    return Reader(world.port, f"/v1/secrets/{ALIAS}", TOKEN, SECRET)


def _spawn(executable: Path, environment: dict[str, str]) -> tuple[int, int]:
    """Start a process by posix_spawn(3), the shortest way to exec.

    Returns:
        Its number, and the end of a pipe that it prints into, as on Lambda.
    """
    reading, writing = os.pipe()
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, writing, 1),
        (os.POSIX_SPAWN_DUP2, writing, 2),
    ]
    pid = os.posix_spawn(
        executable,
        [str(executable)],
        environment,
        file_actions=actions,
        setsigdef=[signal.SIGPIPE],  # Python ignores it, and a child would too
    )
    os.close(writing)
    return pid, reading


def _measured(
    began: float,
    moments: Moments,
    secret: float | None,
    *,
    cpu: float,
    rss: float,
    read: float | None,
) -> ColdStart:
    def since(moment: float | None) -> float | None:
        return None if moment is None else 1000 * (moment - began)

    registered, ready = since(moments.registered), since(moments.ready)
    assert registered is not None
    assert ready is not None
    called = since(moments.called)
    return ColdStart(registered, called, since(secret), ready, cpu, rss, read)
