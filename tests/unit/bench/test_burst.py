"""The benchmark of bursts: the model, the table and the budget."""

from tests.bench.burst.model import burst, with_jitter, without_jitter
from tests.bench.burst.readers import Reader
from tests.bench.burst.run import Burst
from tests.bench.burst.tables import judged, tables


def outcome(*times: float, starts: int = 3) -> Burst:
    """A burst in which these starts have succeeded."""
    return Burst(starts, times, calls=7, throttled=4, said="")


def test_burst_within_the_quota_is_served_at_once() -> None:
    """And nobody waits."""
    assert burst(5, rate=40, held=40, fraction=without_jitter) == [0.01] * 5


def test_the_others_wait_for_the_quota() -> None:
    """Nobody is through before it lets that many through."""
    served = burst(200, rate=40, held=40, fraction=with_jitter(1))
    assert len(served) == 200
    assert all(moment >= (number - 40) / 40 for number, moment in enumerate(served, 1))


def test_jitter_makes_a_burst_shorter() -> None:
    """Without it those who were refused together are refused together again."""
    with_it, without = (
        burst(200, 40, 40, fraction)[-1] for fraction in (with_jitter(1), without_jitter)
    )
    assert with_it < 0.8 * without


def test_a_burst_within_the_limit_meets_the_budget() -> None:
    """Which is ten seconds, and not a tenth more."""
    assert judged([outcome(1, 2, 10)]).word == "met"
    assert judged([outcome(1, 2, 10), outcome(1, 2, 10.1)]).word == "NOT MET"


def test_a_start_without_its_secret_does_not_meet_it() -> None:
    """However quick the others were."""
    assert judged([outcome(1, 2)]).word == "NOT MET"
    assert judged([outcome()]).word == "NOT MET"


def test_the_table_shows_how_the_times_are_spread() -> None:
    """From the first to the last."""
    found, _ = tables([outcome(0.5, 1, 2), outcome()], {"in a model": [1, 2, 3]})
    assert found.rows[0] == (
        *("burst 1", "3 of 3", "0.50", "1.00", "2.00", "2.00", "2.00"),
        *("7", "4"),
    )
    assert found.rows[1][1:7] == ("0 of 3", *"-----")
    assert found.rows[2][:3] == ("in a model", "3", "1.00")


def test_a_refusal_is_no_value() -> None:
    """Only what comes with 200 is one."""
    assert Reader(1, b"", b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nvalue").value == b"value"
    assert Reader(1, b"", b"HTTP/1.1 504 Gateway Timeout\r\n\r\nvalue").value is None
    assert Reader(1, b"").value is None
