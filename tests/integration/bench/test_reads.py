"""The benchmark of reads runs, and yields numbers for every row; none of them is judged here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.reads import memory, server
from tests.bench.reads.loads import HIT, ONE_NEW, measure
from tests.bench.reads.server import GO, OURS, OURS_AS_AGENT, Server
from tests.bench.samples import Samples
from tests.bench.wrk import Load, LoadFailed, program, read
from tests.languages.language import Unavailable

LOADS = {"4 connections": Load(connections=4, seconds=1)}
FIGURES = ("rate", "p50", "p99", "p99.9")


@pytest.fixture(scope="module")
def warmkey() -> Iterator[Server]:
    """The daemon; skips where there is no wrk to read from it."""
    try:
        program()
    except Unavailable as reason:
        pytest.skip(str(reason))
    with server.warmkey() as warmkey:
        yield warmkey


def test_a_round_yields_numbers_for_every_server(warmkey: Server, tmp_path: Path) -> None:
    """And the time of a read from the client's memory."""
    samples = Samples()
    try:
        with server.go(tmp_path) as go:
            servers = [warmkey, go, server.as_agent(warmkey)]
            steps = list(measure(servers, 0, samples, LOADS))
    except Unavailable as reason:
        pytest.skip(str(reason))
    labels = [OURS, GO, OURS_AS_AGENT]
    assert steps == [*(f"{label}: 4 connections" for label in labels), HIT]
    for label in labels:
        found = [samples.median(label, f"4 connections: {what}") for what in FIGURES]
        assert all(value and value > 0 for value in found), found
    assert samples.median(OURS, HIT)


def test_each_read_may_have_a_connection_of_its_own(warmkey: Server) -> None:
    """Wrk opens a new one where the answer says that this one ends."""
    samples = Samples()
    load = {ONE_NEW: Load(connections=1, seconds=1, new=True)}
    assert list(measure([warmkey], 0, samples, load))
    assert samples.median(OURS, f"{ONE_NEW}: rate")


def test_reads_that_are_refused_are_told(warmkey: Server) -> None:
    """And are no figures."""
    with pytest.raises(LoadFailed, match=r"reads of \d+ failed"):
        read(warmkey.url, "another token", LOADS["4 connections"])


def test_memory_is_measured_over_reads(warmkey: Server) -> None:
    """Before, after, and what is between."""
    samples = Samples()
    memory.of_prefetch(warmkey, samples)
    assert list(memory.over_reads(warmkey, samples, reads=1))
    fresh, before, after, growth = (
        samples.median(OURS, what)
        for what in (memory.FRESH, memory.BEFORE, memory.AFTER, memory.GROWTH)
    )
    assert fresh
    assert before
    assert after
    assert growth == after - before


def test_memory_is_measured_with_large_secrets() -> None:
    """Four of them here."""
    samples = Samples()
    assert list(memory.of_large_secrets(samples, count=4))
    assert samples.median(OURS, memory.HELD)
    assert samples.median(OURS, memory.VARIED)
