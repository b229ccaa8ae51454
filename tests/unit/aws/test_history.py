"""The history of each source's attempts: which fail, and how long they are left alone."""

import pytest

from extension.aws.history import History
from extension.sources.parameter import Parameter

A, B, C = Parameter("/a"), Parameter("/b"), Parameter("/c")


def test_a_source_is_new_until_something_came_of_an_attempt() -> None:
    """Whatever it was."""
    history = History()
    assert not history.is_known((A,))
    history.succeeded((A,))
    history.failed((B,), 0.0, 1.0)
    assert history.is_known((A, B))
    assert not history.is_known((A, C))


def test_a_source_fails_until_an_attempt_succeeds() -> None:
    """One that fails spoils a job of several."""
    history = History()
    assert history.failed((A,), 0.0, 1.0)
    assert not history.failed((A,), 0.0, 1.0)
    assert (history.is_failing((A,)), history.is_failing((B, A))) == (True, True)
    history.succeeded((A, B))
    assert not history.is_failing((A, B))
    assert history.failed((A,), 0.0, 1.0)


def test_a_source_rests_longer_with_each_failure() -> None:
    """By chance, up to the wait that the backoff gives."""
    history = History()
    for now, rest in ((0.0, 0.1), (10.0, 0.4), (20.0, 1.6), (30.0, 3.0)):
        assert history.rest((A,), now) == 0.0
        history.failed((A,), now, 1.0)
        assert history.rest((B, A), now) == pytest.approx(rest)
        assert history.rest((B,), now) == 0.0


def test_the_history_has_an_end() -> None:
    """What was not tried for longest is forgotten first."""
    history = History()
    history.failed((A,), 0.0, 1.0)
    history.failed((B,), 0.0, 1.0)
    history.succeeded((A,))
    history.succeeded([Parameter(f"/{number}") for number in range(999)])
    assert history.is_known((A,))
    assert not history.is_known((B,))
