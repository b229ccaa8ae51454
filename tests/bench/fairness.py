"""`python -m tests.bench.fairness`: what names that fail cost those that work."""

import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.pool import Pool

from rich.console import Console

from tests.bench import machine, options, verdict
from tests.bench.page import Section
from tests.bench.samples import Samples
from tests.bench.table import Table
from tests.bench.verdict import Verdict
from tests.fakes.aws import FakeAws
from tests.fakes.faults import THROTTLE, Fault
from tests.fakes.http_service import Delivery
from tests.integration.raw_client import RawClient
from tests.integration.sidecar import Sidecar

HEADING = "Healthy reads beside names that fail"
BUDGET = 1.2
"""The 99th percentile beside a hundred names that fail, by that beside none."""

_HEALTHY = 4
_READS = 150  # of healthy names, in each round
_FAILING = (0, 3, 12, 100)
_KINDS: dict[str, Fault] = {"throttled": THROTTLE, "hanging": Delivery.HANG}
_LATENCY = 0.005  # seconds of each call
_ROUNDS = 4
_COLUMNS = ("p50", "p99", "ratio of p99", "calls in all")

NOTES = f"""\
One reader reads {_HEALTHY} declared secrets in turn with `?refresh=true`, without a pause, so that
each read is a call to AWS, which takes {1000 * _LATENCY:.0f} ms or more. Beside it as many readers
as there are failing names read these, which are not declared, without a pause either: each call is
throttled, or gets no response. In each round every number of failing names has its turn, with a
daemon of its own. The healthy names' reader is a process of its own; the other readers and the fake
AWS are one; and they share the machine with the daemon. *Calls in all*: in a round, for healthy
names and others."""


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print what came of it.

    Returns:
        The exit status: 0, whatever the figures are.
    """
    given = options.parser("tests.bench.fairness", __doc__, _ROUNDS).parse_args(arguments)
    console, samples, on = Console(), Samples(), machine.description()
    with get_context("spawn").Pool(1) as reader:
        for number in range(given.rounds):
            for kind in _KINDS:
                for failing in _FAILING:
                    with console.status(f"round {number}: {failing} names, {kind}"):
                        _round(kind, failing, reader, samples)
    section = Section(
        heading=HEADING,
        ran=f"`make bench-fairness`, {given.rounds} rounds",
        on=on,
        notes=NOTES,
        tables=(
            *(_table(kind, samples) for kind in _KINDS),
            verdict.table("Budget", [_verdict(kind, samples) for kind in _KINDS]),
        ),
    )
    section.publish(console, write=given.write)
    return 0


@contextmanager
def _daemon(kind: str) -> Iterator[tuple[FakeAws, Sidecar]]:
    """A daemon with the healthy names, and its AWS where the others fail."""
    with ExitStack() as stack:
        aws = stack.enter_context(FakeAws(latency=_LATENCY))
        variables = {
            f"HEALTHY_{number}": f"warmkey:/healthy/{number}" for number in range(_HEALTHY)
        }
        for number in range(_HEALTHY):
            aws.parameters.put(f"/healthy/{number}", f"canary-{number}")
        for number in range(max(_FAILING)):
            aws.faults.always(f"/failing/{number}", _KINDS[kind])
        sidecar = stack.enter_context(Sidecar({**aws.environment(), **variables}))
        yield aws, sidecar.wait_until_ready()


def _round(kind: str, failing: int, reader: Pool, samples: Samples) -> None:
    requests = [f"/v1/secrets/HEALTHY_{number}?refresh=true" for number in range(_HEALTHY)]
    with _daemon(kind) as (aws, sidecar):
        began = len(aws.calls)
        with _failing_reads(sidecar, failing):
            reads = sidecar.port, [sidecar.request(each) for each in requests]
            for took in reader.apply(_healthy_reads, reads):
                samples.add(f"{kind} {failing}", "read", took)
        samples.add(f"{kind} {failing}", "calls", len(aws.calls) - began)


def _healthy_reads(port: int, requests: Sequence[bytes]) -> list[float]:
    """How long each of some reads took, in milliseconds."""
    took = []
    with RawClient(port) as client:
        for _, request in zip(range(_READS), cycle(requests), strict=False):
            asked = time.perf_counter()
            client.send(request)
            if client.answer().status != 200:
                raise RuntimeError("a healthy read failed")
            took.append(1000 * (time.perf_counter() - asked))
    return took


@contextmanager
def _failing_reads(sidecar: Sidecar, failing: int) -> Iterator[None]:
    """So many readers, each of a name that fails."""
    over = threading.Event()

    def fail(number: int, client: RawClient) -> None:
        target = f"/systemsmanager/parameters/get?name=/failing/{number}"
        while not over.is_set():
            client.send(sidecar.request(target))
            client.answer()

    with ExitStack() as stack:
        readers = [_reader(fail, number, sidecar.port, stack) for number in range(failing)]
        for reader in readers:
            reader.start()
        yield
        over.set()
    for reader in readers:
        reader.join()


def _reader(
    read: Callable[[int, RawClient], None], number: int, port: int, stack: ExitStack
) -> threading.Thread:
    """A thread that reads over a connection of its own, until that is closed."""
    client = stack.enter_context(RawClient(port))

    def run() -> None:
        with suppress(OSError, ValueError, EOFError):
            read(number, client)

    return threading.Thread(target=run, daemon=True)


def _percentiles(label: str, samples: Samples) -> tuple[float, float]:
    """The median and the 99th percentile of the healthy reads, in milliseconds."""
    reads = samples.values(label, "read")
    return statistics.median(reads), statistics.quantiles(reads, n=100)[98]


def _ratio(kind: str, failing: int, samples: Samples) -> float:
    return _percentiles(f"{kind} {failing}", samples)[1] / _percentiles(f"{kind} 0", samples)[1]


def _table(kind: str, samples: Samples) -> Table:
    rows = []
    for failing in _FAILING:
        label = f"{kind} {failing}"
        median, high = _percentiles(label, samples)
        calls = samples.median(label, "calls") or 0.0
        ratio = _ratio(kind, failing, samples)
        rows.append((str(failing), f"{median:.1f}", f"{high:.1f}", f"{ratio:.2f}", f"{calls:.0f}"))
    return Table(f"Healthy reads in ms, others {kind}", ("failing", *_COLUMNS), tuple(rows))


def _verdict(kind: str, samples: Samples) -> Verdict:
    return Verdict(
        f"p99 beside 100 names, {kind}, by p99 alone", "≤", BUDGET, _ratio(kind, 100, samples)
    )


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)
