"""The budgets of a start, each against something of the same run. Figures, never tests."""

from collections.abc import Iterator
from typing import NamedTuple

from tests.bench.functions import NODE, PYTHON
from tests.bench.peers import FLOOR, GO, OURS
from tests.bench.samples import Samples


class Verdict(NamedTuple):
    """How one budget stands.

    Attributes:
        what: What it is about.
        limit: What it may be at most; None where it cannot be said.
        got: What it was; None likewise.
        meaning: How the limit comes about.
    """

    what: str
    limit: float | None
    got: float | None
    meaning: str

    @property
    def word(self) -> str:
        """Whether it is met."""
        if self.limit is None or self.got is None:
            return "not measured"
        return "met" if self.got <= self.limit else "NOT MET"

    def cells(self) -> tuple[str, str, str, str]:
        """What a table says of it."""
        limit = "-" if self.limit is None else f"≤ {self.limit:.1f}"
        got = "-" if self.got is None else f"{self.got:.1f}"
        return self.what, f"{limit} ({self.meaning})", got, self.word


def verdicts(samples: Samples) -> Iterator[Verdict]:
    """Every budget, in the order of the tables."""
    for temperature in ("warm", "cold"):
        what = f"registered {temperature}"
        yield _relative(samples, f"exec → register, {temperature}", what, 1, FLOOR)
    for temperature, limit in (("warm", 16), ("cold", 32)):
        yield _absolute(samples, f"secret in hand, {temperature}", f"secret {temperature}", limit)
    yield _relative(samples, "secret in hand, SSM 30 ms", "secret slow", 1, GO)
    for function in (PYTHON, NODE):
        for temperature, share in (("warm", 0.8), ("cold", 0.5)):
            what = f"{function} two cores {temperature}"
            yield _relative(samples, f"added to INIT, {function}, {temperature}", what, share, GO)
    for temperature in ("warm", "cold"):
        what = f"{PYTHON} one core {temperature}"
        yield _relative(samples, f"added to INIT on one core, {temperature}", what, 1.2, GO)
    yield _absolute(samples, "CPU", "cpu warm", 15)
    yield _absolute(samples, "RSS, MB", "rss warm", 18)


def _absolute(samples: Samples, title: str, what: str, limit: float) -> Verdict:
    return Verdict(title, limit, samples.median(OURS, what), "fixed")


def _relative(samples: Samples, title: str, what: str, share: float, peer: str) -> Verdict:
    theirs = samples.median(peer, what)
    limit = None if theirs is None else share * theirs
    meaning = peer if share == 1 else f"{share:g} of {peer}"
    return Verdict(title, limit, samples.median(OURS, what), meaning)
