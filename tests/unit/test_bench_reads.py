"""The benchmark of reads: wrk's report, budgets and tables."""

from pathlib import Path

import pytest

from tests.bench.reads.budgets import verdicts
from tests.bench.reads.loads import HIT, LOADS, ONE, SIXTEEN
from tests.bench.reads.memory import AFTER
from tests.bench.reads.report import report
from tests.bench.reads.server import GO, OURS
from tests.bench.reads.tables import tables
from tests.bench.samples import Samples
from tests.bench.wrk import LoadFailed, Reading, parse
from warmkey.deploy.report import Bench
from warmkey.deploy.report.page import page

REPORT = """\
Running 1s test @ http://127.0.0.1:2773/v1/secrets/KEY
  1 threads and 16 connections
Requests/sec:  84210.55
warmkey: requests=92631 took=1100000 p50=176 p99=431 p99.9=1702 failed=0
"""


def word(samples: Samples, what: str) -> str:
    """How one budget stands."""
    (verdict,) = (each for each in verdicts(samples) if each.what == what)
    return verdict.word


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


def test_what_wrk_says_instead_of_its_report_is_told() -> None:
    """As where nobody listens."""
    with pytest.raises(LoadFailed, match="did not report: unable to connect"):
        parse("unable to connect to 127.0.0.1:1 Connection refused\n")


def test_a_rate_below_the_go_servers_is_not_met() -> None:
    """However high it is."""
    samples = Samples()
    samples.add(OURS, f"{SIXTEEN}: rate", 90)
    samples.add(GO, f"{SIXTEEN}: rate", 91)
    assert word(samples, f"{SIXTEEN}, thousand reads/s") == "met"
    assert word(samples, f"{SIXTEEN}, ahead of {GO}") == "NOT MET"


def test_a_latency_above_its_limit_is_not_met() -> None:
    """At its limit it is."""
    samples = Samples()
    samples.add(OURS, f"{ONE}: p99", 500)
    assert word(samples, f"{ONE}, p99, µs") == "met"
    samples.add(OURS, f"{ONE}: p99", 502)
    assert word(samples, f"{ONE}, p99, µs") == "NOT MET"


def test_what_was_not_measured_is_not_judged() -> None:
    """Where there is no Go, say."""
    assert {verdict.word for verdict in verdicts(Samples())} == {"not measured"}


def test_the_tables_have_a_row_for_each_server_and_load() -> None:
    """And a dash for what was not measured."""
    reads, client, resident, _ = tables(Samples())
    assert len(reads.rows) == 2 * len(LOADS)
    assert {cell for row in reads.rows for cell in row[2:]} == {"-"}
    assert {row[1] for row in (*client.rows, *resident.rows)} == {"-"}


def test_a_fraction_of_a_microsecond_has_two_decimals() -> None:
    """A hit takes about half of one."""
    samples = Samples()
    samples.add(OURS, HIT, 0.474)
    samples.add(OURS, AFTER, 16.04)
    got = {verdict.what: verdict.cells()[2] for verdict in verdicts(samples)}
    assert got["`warmkey.get()` again, µs"] == "0.47"
    assert got["RSS after a million reads, MB"] == "16.0"


def test_the_report_can_take_it_in(tmp_path: Path) -> None:
    """Also without the server in Go."""
    samples = Samples()
    for load in LOADS:
        samples.add(OURS, f"{load}: rate", 90)
        samples.add(OURS, f"{load}: p99", 300)
    report(samples, tmp_path / "bench/reads.json")
    bench = Bench.from_json((tmp_path / "bench/reads.json").read_text("utf-8"))
    assert [experiment.points for experiment in bench.experiments] == [tuple(LOADS)] * 2
    assert {ratio.against for ratio in bench.ratios} == {""}
    assert ONE in page(bench)
