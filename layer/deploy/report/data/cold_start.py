"""One cold start, as a waterfall: which participant did what, from when to when."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .part import Part, require
from .role import Role

Kind = Literal["platform", "extension", "function", "upstream", "wait"]
"""Whose time a span is: Lambda's, an extension's or the function's work, a call to AWS that is
under way, or waiting for one of these."""

KINDS: dict[Kind, str] = {
    "platform": "Lambda",
    "extension": "the extension",
    "function": "the function",
    "upstream": "a call to AWS under way",
    "wait": "waiting",
}
"""What a legend says of each kind."""


@dataclass(frozen=True, slots=True)
class Span(Part):
    """Something that took a while.

    Attributes:
        name: What, e.g. `TLS handshake`.
        start: When it began, in milliseconds since the start of the waterfall.
        end: When it was over, likewise.
        kind: Whose time it was.
    """

    name: str
    start: float
    end: float
    kind: Kind

    def __post_init__(self) -> None:
        order = f"{self.name} ends at {self.end} ms, before its start at {self.start} ms"
        require(self.start <= self.end, order)

    @property
    def took(self) -> float:
        """How long, in milliseconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Moment(Part):
    """Something that happened at once.

    Attributes:
        name: What, e.g. `registered`.
        at: When, in milliseconds since the start of the waterfall.
    """

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Lane(Part):
    """What one participant did.

    Attributes:
        name: The participant's, e.g. `Extension`.
        spans: What took a while.
        moments: What happened at once.
    """

    name: str
    spans: tuple[Span, ...] = ()
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class ColdStart(Part):
    """One cold start.

    Attributes:
        label: What is started, e.g. `With Warmkey` or `boto3 in the function`.
        role: Its part in the comparison.
        lanes: The participants, from Lambda down to AWS.
        finish: The moment that all the starts of a bench are compared by, e.g. `secret in hand`;
            None where there is none.
        note: What else a reader has to know, e.g. how this start was chosen among many.
    """

    label: str
    role: Role
    lanes: tuple[Lane, ...]
    finish: Moment | None = None
    note: str = ""

    def __post_init__(self) -> None:
        require(any(True for _ in self.times()), f"{self.label} has no span and no moment")

    def times(self) -> Iterator[float]:
        """Every time in it, in milliseconds since its start."""
        for lane in self.lanes:
            for span in lane.spans:
                yield from (span.start, span.end)
            yield from (moment.at for moment in lane.moments)
        if self.finish:
            yield self.finish.at
