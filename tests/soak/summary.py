"""What a soak came to: tables and sentences."""

from statistics import median

from tests.bench.samples import figure
from tests.bench.table import Table
from tests.bench.verdict import Verdict
from tests.soak.beside import IDLE, PACE
from tests.soak.endurance import Endurance
from tests.soak.flatness import courses
from tests.soak.latency import Latency
from tests.soak.subject import CONNECTIONS, SECRETS

GROWTH = 256.0
"""Kilobytes by which resident memory may grow in the long form, once all is warm."""
P99 = 2000.0
"""Microseconds that 99 of 100 reads take at most, whatever goes on beside them."""

_PERCENTILES = ("p50", "p99", "p999")

NOTES = f"""\
The built daemon with {SECRETS} secrets, one in ten of 4 KB, which are rotated throughout, read over
{CONNECTIONS} kept-alive connections that pause for a millisecond between reads, with {IDLE} idle
connections beside them. *Held*: with a TTL of one second, so that every value is refreshed while it
is read; what the daemon holds, sampled every 2 s: the median of the second quarter of the run, when
everything is warm, and of the last. *Latency*: of a daemon with those idle connections that
refreshes a secret and logs a line every {1000 * PACE:.0f} ms, and of one that only answers;
interleaved. wrk and the SSM that answers the refreshes run on the same cores."""


def is_flat(endurance: Endurance) -> bool:
    """Whether nothing that the daemon holds grew by more than it may."""
    usages = [window.usage for window in endurance.windows]
    return all(course.flat for course in courses(usages, GROWTH))


def held(endurance: Endurance) -> Table:
    """What the daemon held."""
    usages = [window.usage for window in endurance.windows]
    rows = tuple(
        (
            *(course.what, f"{course.early:.0f}", f"{course.late:.0f}", f"{course.growth:+.0f}"),
            *(f"≤ {course.allowed:.0f}", "flat" if course.flat else "NOT FLAT"),
        )
        for course in courses(usages, GROWTH)
    )
    return Table("Held", ("", "warm", "in the end", "growth", "allowed", ""), rows)


def speed(latency: Latency) -> Table:
    """How quick reads were, with the budget."""
    sides = {"beside all that": latency.disturbed, "without": latency.calm}
    rows = [
        (
            *(name, *(str(figure(getattr(each, what) for each in side)) for what in _PERCENTILES)),
            "",
        )
        for name, side in sides.items()
    ]
    _, limit, _, word = Verdict("p99", "≤", P99, latency.p99).cells()
    rows.append(("ratio", "-", f"{latency.ratio:.2f}", "-", ""))
    rows.append(("budget", "-", limit, "-", word))
    return Table("Latency, µs", ("", "p50", "p99", "p99.9", ""), tuple(rows))


def went_on(endurance: Endurance) -> str:
    """How much went on, in a sentence."""
    p99 = median(window.reading.p99 for window in endurance.windows)
    return (
        f"{endurance.reads:,} reads, {endurance.refreshes:,} refreshes and {endurance.lines:,} "
        f"lines of log; every read was answered with a value, with a p99 of {p99:.0f} µs while "
        f"all {SECRETS} secrets were fetched again every second."
    )
