"""A gathering: the answers that one response needs, some held and some yet to come."""

from __future__ import annotations

from ..http.failure import Failed
from .cache import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..declared.reference import Source
    from .secret_store import Delivery, Supply

    Answers = Mapping[Source, Answer]

LATE = Failed("timeout", "upstream has not answered in time")


class Gathering:
    """Gathers answers, and finishes once: when all are there, or when it is given up.

    Args:
        supply: gives the answers.
        sources: what is needed.
        refresh: from upstream, whatever is held; then what upstream says counts, error or not.
        finish: takes the answers.
    """

    __slots__ = ("_answers", "_finish", "_missing", "_refresh", "_supply")

    def __init__(
        self,
        supply: Supply,
        sources: Iterable[Source],
        *,
        refresh: bool,
        finish: Callable[[Answers], None],
    ) -> None:
        self._answers: dict[Source, Answer] = {}
        self._finish = finish
        self._refresh = refresh
        self._supply = supply
        self._missing = set(sources)
        if refresh:
            supply.refresh(self._missing, self._land)
        else:
            self._answers.update(supply.read(self._missing, self._land))
            self._missing -= self._answers.keys()
        self._finish_if_whole()

    @property
    def finished(self) -> bool:
        """Whether the response has what it needs."""
        return not self._missing

    def give_up(self) -> None:
        """Finish without the answers that are missing; they count as late."""
        for source in self._missing:
            self._answers[source] = self._late(source)
        self._missing.clear()
        self._finish(self._answers)

    def _land(self, delivery: Delivery) -> None:
        if delivery.source in self._missing:  # else it was given up
            self._answers[delivery.source] = self._answer_of(delivery)
            self._missing.discard(delivery.source)
            self._finish_if_whole()

    def _answer_of(self, delivery: Delivery) -> Answer:
        if self._refresh and isinstance(delivery.outcome, Failed):
            return Answer(delivery.outcome, "fresh", 0.0, 0.0)
        return delivery.answer

    def _late(self, source: Source) -> Answer:
        if self._refresh:
            return Answer(LATE, "fresh", 0.0, 0.0)
        return self._supply.last_good(source, LATE)

    def _finish_if_whole(self) -> None:
        if not self._missing:
            self._finish(self._answers)
