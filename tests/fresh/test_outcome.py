"""A row is judged by what its machine printed, and written into the table."""

from collections import Counter
from pathlib import Path

import pytest

from tests.fresh.report import HEADING, markdown, write
from tests.fresh.row import ROWS, Network, Row
from tests.fresh.trial import Made, Outcome

CHARGED = [
    (1.0, "Installing …\n"),
    (40.4, "  cold start  30 ms of INIT, then charge ch_1 succeeded\n"),
]
TESTED = [
    (60.0, "2000 passed in 59.12s\n"),
    (900.0, "1 failed, 4000 passed, 12 skipped in 839.12s (0:13:59)\n"),
]
ROW = Row("Debian 12, root", "bookworm", ("run", "test"))
REFUSING = Row("Debian 13, no apt", "trixie", refusal="docker run")
PROXIED = Row("Debian 12, HTTP_PROXY", "bookworm", network=Network.PROXY)


def made(
    target: str = "run",
    status: int = 0,
    lines: list[tuple[float, str]] = CHARGED,
    hosts: tuple[str, ...] = (),
) -> Made:
    """What one `make` did."""
    return Made(target, status, 45.0, lines, Counter(hosts))


@pytest.mark.parametrize(
    ("row", "ran", "complaint"),
    [
        (ROW, made(), ""),
        (ROW, made(status=2), "`make run` failed with exit status 2"),
        (ROW, made(lines=CHARGED[:1]), "`make run` made no charge"),
        (ROW, made("test", lines=TESTED), ""),
        (REFUSING, made(status=2, lines=[(0.1, "docker run …\n")]), ""),
        (REFUSING, made(status=2), "`make run` did not refuse"),
        (REFUSING, made(lines=[(0.1, "docker run …\n")]), "`make run` did not refuse"),
        (PROXIED, made(hosts=("deb.example",)), ""),
        (PROXIED, made(), "nothing of `make run` went through the proxy"),
        (PROXIED, made(hosts=("deb.example", "127.0.0.1")), "asked the proxy for 127.0.0.1"),
        (PROXIED, made(hosts=("localhost",)), "asked the proxy for localhost"),
    ],
)
def test_a_row_complains_of_what_must_not_be(row: Row, ran: Made, complaint: str) -> None:
    """And of nothing else."""
    found = Outcome(row, [ran]).complaint
    assert complaint in found
    assert bool(complaint) == bool(found)


def test_a_complaint_shows_what_was_printed_last() -> None:
    """As the machine itself is gone."""
    assert "Installing …\n" in Outcome(ROW, [made(status=2)]).complaint


def test_the_table_has_times_and_counts() -> None:
    """One line for each row."""
    table = markdown([Outcome(ROW, [made(), made("test", lines=TESTED)])])
    assert "| Debian 12, root | 40 s | 45 s | 45 s, 6,000 passed, 1 failed, 12 skipped |" in table


@pytest.mark.parametrize(
    ("outcome", "cells"),
    [
        (Outcome(REFUSING, [made(status=2, lines=[(0.1, "docker run …\n")])]), "refuses, and says"),
        (Outcome(ROW, [made(status=2)]), "**`make run` failed with exit status 2"),
        (Outcome(ROW, left_out="no QEMU\nat all"), "left out: no QEMU |"),
        (Outcome(ROW, [made()], left_out="git refused"), "left out: git refused |"),
    ],
)
def test_the_table_says_what_has_no_time(outcome: Outcome, cells: str) -> None:
    """A refusal that is wanted, a failure, a row that could not be tried."""
    assert cells in markdown([outcome])


def test_the_table_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """The page's other sections stay as they are."""
    page = tmp_path / "CONTRIBUTING.md"
    page.write_text(f"# Contributing\n\nHello.\n\n## {HEADING}\n\nold\n\n## Rules\n\nNone.\n")
    write([Outcome(ROW, [made()])], page)
    before, _, after = page.read_text().partition(f"## {HEADING}\n")
    assert before == "# Contributing\n\nHello.\n\n"
    assert "| Debian 12, root |" in after
    assert "old" not in after
    assert after.endswith("\n\n## Rules\n\nNone.\n")


def test_rows_that_were_not_tried_stay_in_the_table(tmp_path: Path) -> None:
    """In their order, whichever is tried again."""
    page = tmp_path / "CONTRIBUTING.md"
    page.write_text("# Contributing\n")
    first, second = ROWS[:2]
    write([Outcome(second, [made()])], page)
    write([Outcome(first, [made()])], page)
    write([Outcome(second, [made(status=2)])], page)
    rows = [line for line in page.read_text().splitlines() if line.startswith("| Debian")]
    assert rows[0].startswith(f"| {first.machine} | 40 s | 45 s |")
    assert rows[1].startswith(f"| {second.machine} |  | **`make run` failed")
    assert len(rows) == 2


def test_rows_can_be_picked_by_their_machine() -> None:
    """Their logs are called by it, too."""
    assert len({row.machine for row in ROWS}) == len(ROWS)
