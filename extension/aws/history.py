"""How the last attempts for each source went, and how long a source that fails is left alone."""

from __future__ import annotations

from collections.abc import Sequence

from ..sources.source import Source
from . import retry
from .worker_queue import Rank

_MOST = 1000  # sources; the one that was not tried for longest is forgotten first


class _Trials:
    """The attempts for one source.

    Attributes:
        failures: how many have failed since the last success.
        rest_until: when the next one may be made, in seconds of the caller's clock.
    """

    __slots__ = ("failures", "rest_until")

    def __init__(self) -> None:
        self.failures = 0
        self.rest_until = 0.0


class History:
    """What is known of each source's attempts. The backoff of a source outlasts its fetch.

    So a client that reads a failing name again and again causes no more calls than one that reads
    it once and waits.
    """

    __slots__ = ("_trials",)

    def __init__(self) -> None:
        self._trials: dict[Source, _Trials] = {}

    def is_known(self, sources: Sequence[Source]) -> bool:
        """Whether there was an attempt for each of them."""
        return all(source in self._trials for source in sources)

    def rank(self, sources: Sequence[Source], *, declared: bool) -> Rank:
        """The rank of an attempt for them.

        Args:
            sources: what it is for.
            declared: whether one of them is a declared secret.
        """
        known, failing = self.is_known(sources), self.is_failing(sources)
        return Rank.of(declared=declared, known=known, failing=failing)

    def is_failing(self, sources: Sequence[Source]) -> bool:
        """Whether the last attempt has failed for any of them."""
        return any(self._failures(source) for source in sources)

    def rest(self, sources: Sequence[Source], now: float) -> float:
        """How long to wait before the next attempt, in seconds."""
        known = (self._trials[source] for source in sources if source in self._trials)
        return max([0.0, *(trials.rest_until - now for trials in known)])

    def succeeded(self, sources: Sequence[Source]) -> None:
        """Note that upstream has answered, be it with a refusal."""
        for source in sources:
            self._note(source, _Trials())

    def failed(self, sources: Sequence[Source], now: float, fraction: float) -> bool:
        """Note an attempt that has failed in a way that may pass.

        Args:
            sources: what it was for.
            now: the time, in seconds.
            fraction: a random number from 0 to 1.

        Returns:
            Whether it is the first that failed for any of them.
        """
        failures = max(self._failures(source) for source in sources)
        trials = _Trials()
        trials.failures = failures + 1
        trials.rest_until = now + retry.delay(failures, fraction)
        for source in sources:
            self._note(source, trials)
        return failures == 0

    def _failures(self, source: Source) -> int:
        return self._trials[source].failures if source in self._trials else 0

    def _note(self, source: Source, trials: _Trials) -> None:
        self._trials.pop(source, None)
        self._trials[source] = trials
        if len(self._trials) > _MOST:
            del self._trials[next(iter(self._trials))]
