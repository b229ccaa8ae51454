"""The budgets of a start, some against something of the same run."""

from collections.abc import Iterator

from tests.bench.functions import NODE, PYTHON
from tests.bench.peers import FLOOR, GO, OURS
from tests.bench.samples import Samples
from tests.bench.verdict import Verdict


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
    return Verdict(title, "≤", limit, samples.median(OURS, what))


def _relative(samples: Samples, title: str, what: str, share: float, peer: str) -> Verdict:
    theirs = samples.median(peer, what)
    limit = None if theirs is None else share * theirs
    meaning = peer if share == 1 else f"{share:g} of {peer}"
    return Verdict(title, "≤", limit, samples.median(OURS, what), meaning)
