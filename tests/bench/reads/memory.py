"""Memory of the daemon: over a million reads, and with as much to keep as a reader can ask for."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from tests.bench.reads.server import OURS, Server
from tests.bench.samples import Samples
from tests.bench.usage import resident
from tests.bench.wrk import Load, read
from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.rapid.layer import unpack
from warmkey.deploy.report.estimate import FEWEST

FRESH, BEFORE, AFTER, GROWTH = "RSS fresh", "RSS before", "RSS after", "RSS growth"
HELD, ASKED, VARIED = "large held", "large read", "large varied"

MILLION = 1_000_000
LARGE = 64 * 1024
"""Bytes of the largest secret there is, in Secrets Manager."""
MANY = 256
"""As many answers as the daemon keeps ready to be sent again."""

_WARM_UP = Load(connections=64, seconds=1)
_STEP = Load(connections=64, seconds=1)


def of_prefetch(server: Server, samples: Samples) -> None:
    """Measure memory as it is after the prefetch, before any read."""
    samples.add(OURS, FRESH, resident(server.pid))


def of_starts(
    start: Callable[[], AbstractContextManager[Server]], samples: Samples, starts: int = FEWEST
) -> None:
    """Measure memory after the prefetch of so many daemons, as many as an interval takes.

    Args:
        start: Starts one.
        samples: Takes megabytes.
        starts: How many.
    """
    for _ in range(starts):
        with start() as server:
            of_prefetch(server, samples)


def over_reads(server: Server, samples: Samples, reads: int = MILLION) -> Iterator[str]:
    """Measure how memory grows over so many reads, after a second of others that warm it up.

    Args:
        server: The daemon.
        samples: Takes megabytes.
        reads: How many reads, at least.

    Yields:
        How far it is.
    """
    read(server.url, server.token, _WARM_UP)
    before, done = resident(server.pid), 0
    while done < reads:
        yield f"memory: {done:,} of {reads:,} reads"
        done += read(server.url, server.token, _STEP).reads
    after = resident(server.pid)
    for what, value in ((BEFORE, before), (AFTER, after), (GROWTH, after - before)):
        samples.add(OURS, what, value)


def of_large_secrets(samples: Samples, count: int = MANY) -> Iterator[str]:
    """Measure memory with so many of the largest secrets, fetched, read, and read variously.

    Yields:
        How far it is.
    """
    yield f"memory: {count} secrets of {LARGE // 1024} KB"
    aliases = [f"S{number}" for number in range(count)]
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warmkey-bench-")))
        aws = stack.enter_context(FakeAws())
        for alias in aliases:
            aws.secrets.put(alias, alias.ljust(LARGE, "x"))
        declared = {alias: f"warmkey:secretsmanager:{alias}" for alias in aliases}
        api = stack.enter_context(FakeRuntimeApi())
        environment = {**aws.environment(), **declared}
        daemon = stack.enter_context(Daemon(unpack(place / "opt"), api, environment))
        daemon.wait_until_ready()
        samples.add(OURS, HELD, resident(daemon.process.pid))
        for alias in aliases:
            daemon.read(alias)
        samples.add(OURS, ASKED, resident(daemon.process.pid))
        for number in range(4 * count):
            daemon.get(f"/v1/secrets/{aliases[number % count]}", {"X-Request": str(number)})
        samples.add(OURS, VARIED, resident(daemon.process.pid))
