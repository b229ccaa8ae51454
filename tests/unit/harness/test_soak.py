"""What counts as flat, and how a soak is told."""

import pytest

from tests.bench.usage import Usage
from tests.bench.wrk import Reading
from tests.soak.endurance import Endurance, Goal
from tests.soak.flatness import courses
from tests.soak.latency import Latency
from tests.soak.subject import Window
from tests.soak.summary import held, is_flat, speed, went_on

READING = Reading(reads=1000, rate=500.0, p50=150, p99=400, p999=900)


def endured(*usages: Usage) -> Endurance:
    """A soak with these looks at the daemon."""
    windows = [Window(READING, usage, 100 * number) for number, usage in enumerate(usages, 1)]
    return Endurance(windows, lines=7)


def with_rss(*values: int) -> list[Usage]:
    """Looks at a process whose memory alone changes."""
    return [Usage(value, 5, 213) for value in values]


def flat(usages: list[Usage]) -> dict[str, bool]:
    """Which courses are flat, where memory may grow by 100 KB."""
    return {course.what: course.flat for course in courses(usages, 100)}


def test_growth_while_it_warms_up_does_not_count() -> None:
    """The first quarter is not looked at."""
    assert flat(with_rss(1000, 5000, 5000, 5100)) == {
        "RSS, KB": True,
        "descriptors": True,
        "threads": True,
    }


def test_memory_that_goes_on_growing_is_not_flat() -> None:
    """By a kilobyte more than it may."""
    assert not flat(with_rss(5000, 5000, 5050, 5101))["RSS, KB"]


def test_one_high_look_at_memory_does_not_count() -> None:
    """Something is held for a moment in every look."""
    looks = with_rss(1, 1, 1, 5000, 5000, 5000, 5, 5, 5, 5000, 5000, 9999)
    assert flat(looks)["RSS, KB"]


def test_a_single_descriptor_or_thread_is_too_many() -> None:
    """As there is no end to one more every so often."""
    looks = [Usage(1000, 5, 213)] * 3 + [Usage(1000, 6, 214)]
    assert flat(looks) == {"RSS, KB": True, "descriptors": False, "threads": False}


def test_shrinking_series_is_flat() -> None:
    """As where connections are closed."""
    looks = [Usage(1000, 5, 213)] * 3 + [Usage(900, 4, 13)]
    assert set(flat(looks).values()) == {True}


def test_descriptors_that_may_not_be_seen_are_left_out() -> None:
    """Only root sees those of the daemon."""
    assert set(flat([Usage(1000, 5, None)] * 4)) == {"RSS, KB", "threads"}


def test_too_few_looks_say_nothing() -> None:
    """And are no reason to be content."""
    with pytest.raises(ValueError, match="take 4 or more"):
        list(courses(with_rss(1, 2, 3), 100))


def test_a_goal_is_reached_when_all_of_it_is() -> None:
    """Reads, refreshes and windows."""
    endurance = endured(*with_rss(1, 2))
    assert endurance.reached(Goal(reads=2000, refreshes=200, windows=2))
    assert not endurance.reached(Goal(reads=2001, refreshes=200, windows=2))
    assert not endurance.reached(Goal(reads=2000, refreshes=201, windows=2))
    assert not endurance.reached(Goal(reads=2000, refreshes=200, windows=3))


def test_held_values_are_told() -> None:
    """With a verdict for each thing."""
    endurance = endured(*with_rss(5000, 5000, 5000, 9000))
    assert held(endurance).rows[0] == ("RSS, KB", "5000", "9000", "+4000", "≤ 256", "NOT FLAT")
    assert not is_flat(endurance)
    assert "4,000 reads, 400 refreshes and 7 lines of log" in went_on(endurance)


def test_the_latency_is_held_against_its_budget_and_the_calm_one() -> None:
    """The ratio is that of each pair."""
    slow = Reading(reads=1000, rate=500.0, p50=150, p99=2001, p999=2500)
    rows = speed(Latency(disturbed=[slow], calm=[READING])).rows
    assert rows[-2] == ("ratio", "-", "5.00", "-", "")
    assert rows[-1] == ("budget", "-", "≤ 2000", "-", "NOT MET")
