"""The benchmark of reads: wrk's report, budgets and tables."""

import os
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.bench.ratio_table import ratio_table
from tests.bench.reads import memory
from tests.bench.reads.loads import HIT, LOADS, ONE, SIXTEEN
from tests.bench.reads.ratios import ratios
from tests.bench.reads.report import report
from tests.bench.reads.server import AGENT, GO, LABELS, OURS, OURS_AS_AGENT, Server
from tests.bench.reads.tables import tables
from tests.bench.samples import Samples
from tests.bench.wrk import LoadFailed, Reading, parse
from warmkey.deploy.report import Bench
from warmkey.deploy.report.drawing.page import page
from warmkey.deploy.report.verdict import judge

REPORT = """\
Running 1s test @ http://127.0.0.1:2773/v1/secrets/KEY
  1 threads and 16 connections
Requests/sec:  84210.55
warmkey: requests=92631 took=1100000 p50=176 p99=431 p99.9=1702 failed=0
"""


def rows(samples: Samples, what: str) -> list[tuple[str, ...]]:
    """The table's rows of a title, without it."""
    return [row[1:] for row in ratio_table(ratios(samples)).rows if row[0] == what]


def measured(**figures: Mapping[str, float]) -> Samples:
    """Samples of a run in which the same was measured in each of some rounds."""
    samples = Samples()
    for label, by_name in figures.items():
        for what, value in by_name.items():
            for _ in range(8):
                samples.add(NAMES[label], what, value)
    return samples


NAMES = {"ours": OURS, "as_agent": OURS_AS_AGENT, "go": GO, "agent": AGENT}


def test_wrk_is_read() -> None:
    """The rate is over the time that it really took."""
    assert parse(REPORT) == Reading(92631, 84210.0, 176, 431, 1702)


def test_a_run_with_failed_reads_counts_for_nothing() -> None:
    """A refusal is quick, and would look like speed."""
    with pytest.raises(LoadFailed, match=r"7 reads of 92631 failed"):
        parse(REPORT.replace("failed=0", "failed=7"))


def test_a_run_without_an_answer_counts_for_nothing() -> None:
    """As where the server hangs."""
    with pytest.raises(LoadFailed, match="no read was answered"):
        parse(REPORT.replace("requests=92631", "requests=0"))


def test_message_of_wrk_instead_of_its_report_is_told() -> None:
    """As where nobody listens."""
    with pytest.raises(LoadFailed, match="did not report: unable to connect"):
        parse("unable to connect to 127.0.0.1:1 Connection refused\n")


def test_a_rate_below_the_go_servers_is_not_met() -> None:
    """However high it is."""
    samples = measured(ours={f"{SIXTEEN}: rate": 90}, go={f"{SIXTEEN}: rate": 91})
    alone, against = rows(samples, f"warm reads, {SIXTEEN}")
    assert (alone[0], *alone[2:]) == ("a fixed limit", "≥ 80k", "met")
    assert (against[0], *against[2:]) == (GO, "≥ 1", "not met")


def test_the_agent_is_compared_with_the_same_request_to_warmkey() -> None:
    """Half as many reads again, at 16 connections, and a fifth of its slowest of a hundred."""
    rate, p99 = f"{SIXTEEN}: rate", f"{SIXTEEN}: p99"
    theirs = {rate: 100.0, p99: 1000.0}
    for ours, verdict in (({rate: 151, p99: 199}, "met"), ({rate: 149, p99: 201}, "not met")):
        samples = measured(as_agent=ours, agent=theirs)
        (rates,), (latencies,) = (
            rows(samples, f"{each}warm reads, {SIXTEEN}") for each in ("", "p99 of ")
        )
        assert (rates[0], *rates[2:]) == (AGENT, "≥ 1.5", verdict)
        assert (latencies[0], *latencies[2:]) == (AGENT, "≤ 0.2", verdict)


def test_a_latency_above_its_limit_is_not_met() -> None:
    """At its limit it is."""
    for p99, verdict in ((500, "met"), (502, "not met")):
        (row,) = rows(measured(ours={f"{ONE}: p99": p99}), f"p99 of warm reads, {ONE}")
        assert row[3] == verdict


def test_missing_measurement_has_no_ratio() -> None:
    """Where there is no Go and no Rust, say."""
    assert list(ratios(Samples())) == []
    assert list(ratios(measured(as_agent={f"{SIXTEEN}: rate": 90}))) == []


def test_the_tables_have_a_row_for_each_server_and_load() -> None:
    """And a dash for what was not measured."""
    reads, client, resident, judged = tables(Samples())
    assert len(reads.rows) == len(LABELS) * len(LOADS)
    assert {cell for row in reads.rows for cell in row[2:]} == {"-"}
    assert {row[1] for row in (*client.rows, *resident.rows)} == {"-"}
    assert judged.rows == ()


def test_a_fraction_of_a_microsecond_has_two_decimals() -> None:
    """A hit takes about half of one."""
    _, client, *_ = tables(measured(ours={HIT: 0.474}))
    assert client.rows[0][1] == "0.47"


def test_the_report_can_take_it_in() -> None:
    """Also without the others."""
    samples = measured(ours={f"{load}: {what}": 90 for load in LOADS for what in ("rate", "p99")})
    written = report(samples, datetime.now(UTC), (), ["a"], ["b"]).to_json()
    bench = Bench.from_json(written)
    assert [experiment.points for experiment in bench.experiments] == [tuple(LOADS)] * 2
    assert {ratio.against for ratio in bench.ratios} == {""}
    assert ONE in page(bench)


def test_memory_after_the_prefetch_has_samples_enough_for_a_verdict() -> None:
    """Of one daemon alone, whether the budget is met would never be certain."""
    samples = Samples()
    itself = Server(OURS, os.getpid(), 0, "")
    memory.of_starts(lambda: nullcontext(itself), samples)
    [ratio] = [each for each in ratios(samples) if each.what == "RSS after the prefetch"]
    verdict = judge(replace(ratio, budget=1e6))
    assert verdict is not None
    assert verdict.words == "met"
