"""Signals end a bench where they are listened for, and nowhere else."""

import signal
from collections.abc import Iterator

import pytest

from warmkey.deploy.bench.interruption import Interrupted, Interruption


@pytest.fixture
def told() -> list[str]:
    """What was told."""
    return []


@pytest.fixture
def interruption(told: list[str]) -> Iterator[Interruption]:
    """One that takes this process's signals."""
    with Interruption(told.append) as taking:
        yield taking


def test_a_signal_ends_what_listens(interruption: Interruption, told: list[str]) -> None:
    """At once; another one after it does not disturb, and a third does."""
    with pytest.raises(Interrupted), interruption.listening():
        signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)
    assert len(told) == 1
    with pytest.raises(Interrupted):
        signal.raise_signal(signal.SIGTERM)


def test_a_signal_waits_for_a_step(interruption: Interruption) -> None:
    """However often it comes."""
    steps = []

    def work() -> None:
        with interruption.listening():
            with interruption.deferred():
                signal.raise_signal(signal.SIGINT)
                signal.raise_signal(signal.SIGINT)
                steps.append("done")
            steps.append("not begun")

    with pytest.raises(Interrupted):
        work()
    assert steps == ["done"]


def test_a_step_that_fails_tells_that_first(interruption: Interruption) -> None:
    """Its error is what ends it."""

    def work() -> None:
        with interruption.listening(), interruption.deferred():
            signal.raise_signal(signal.SIGINT)
            raise OSError("refused")

    with pytest.raises(OSError, match="refused"):
        work()


def test_a_signal_before_anything_began_ends_it_then(interruption: Interruption) -> None:
    """Nothing is changed yet."""
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(Interrupted), interruption.listening():
        pytest.fail("this is not done any more")


def test_afterwards_signals_do_what_they_did_before() -> None:
    """As while the report is written."""
    before = signal.getsignal(signal.SIGINT)
    with Interruption(lambda _: None):
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before
