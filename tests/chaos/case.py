"""A case: one thing that goes wrong, and what shows that it was survived."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that goes wrong.

    Attributes:
        name: What goes wrong, in a few words.
        attempt: Tries it once. Takes the layer's tree; returns in a few words what the reader saw;
            raises an exception, such as AssertionError, where it was not survived.
        tries: How often the long form tries it.
        quick: Whether the quick form tries it, too.
    """

    name: str
    attempt: Callable[[Path], str]
    tries: int = 20
    quick: bool = True
