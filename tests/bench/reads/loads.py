"""The loads that a server is put under, and one round of them."""

from collections.abc import Iterator, Mapping, Sequence

from tests.bench.reads.client import hits
from tests.bench.reads.server import OURS, Server
from tests.bench.rounds import turned
from tests.bench.samples import Samples
from tests.bench.wrk import Load, Reading, read

ONE, SIXTEEN, SIXTY_FOUR = "1 connection", "16 connections", "64 connections"
ONE_NEW, SIXTEEN_NEW = "1 new for each read", "16 new for each read"

LOADS: Mapping[str, Load] = {
    ONE: Load(connections=1, seconds=1),
    SIXTEEN: Load(connections=16, seconds=1),
    SIXTY_FOUR: Load(connections=64, seconds=1),
    ONE_NEW: Load(connections=1, seconds=1, new=True),
    SIXTEEN_NEW: Load(connections=16, seconds=1, new=True),
}
"""By what the tables call them."""

HIT = "a client's hit"


def measure(
    servers: Sequence[Server], number: int, samples: Samples, loads: Mapping[str, Load] = LOADS
) -> Iterator[str]:
    """Put every server under every load once, in turns.

    Args:
        servers: Who answers; each round begins with another.
        number: The round's number.
        samples: Takes what is measured: rates in thousands a second, latencies in microseconds.
        loads: The loads.

    Yields:
        What is measured next.
    """
    for name, load in loads.items():
        for server in turned(servers, number):
            yield f"{server.label}: {name}"
            _add(samples, server.label, name, read(server.url, server.token, load))
    ours = next(server for server in servers if server.label == OURS)
    yield HIT
    for seconds in hits(ours):
        samples.add(OURS, HIT, seconds * 1e6)


def _add(samples: Samples, label: str, name: str, reading: Reading) -> None:
    samples.add(label, f"{name}: rate", reading.rate / 1000)
    samples.add(label, f"{name}: p50", reading.p50)
    samples.add(label, f"{name}: p99", reading.p99)
    samples.add(label, f"{name}: p99.9", reading.p999)
