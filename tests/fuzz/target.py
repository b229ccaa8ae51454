"""A target: a parser, and what must be true of it whatever it is fed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

CANARY = "canary-5b1e"
"""Stands where secrets stand, and may stand in no error's text."""

LONGEST = 65536
"""Bytes of the longest inputs."""

PATIENCE = 3.0
"""Seconds of processor time that one input may take; what takes squared time takes minutes.

Those of the corpus, made as long as can be, take 0.01 s.
"""

_CORPUS = Path(__file__).with_name("corpus")


class TooSlow(Exception):
    """An input took longer than its length explains."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is searched for inputs that it does not bear.

    Attributes:
        name: Its name, and that of its corpus.
        attempt: Feeds it one input; raises anything at all where something is not as it must be.
        words: What inputs are made of, to speed up the search.
        json: Whether an input ends with a line of JSON, which is then changed as JSON.
        longest: How long the inputs of a search may be, in bytes.
    """

    name: str
    attempt: Callable[[bytes], None]
    words: Sequence[str] = ()
    json: bool = False
    longest: int = LONGEST

    @property
    def corpus(self) -> Path:
        """The folder with the inputs that the search starts from."""
        return _CORPUS / self.name

    def seeds(self) -> dict[str, bytes]:
        """Those inputs, by the names of their files."""
        return {file.name: file.read_bytes() for file in sorted(self.corpus.iterdir())}

    def bear(self, data: bytes) -> None:
        """Feed it one input, and look at the time.

        Raises:
            TooSlow: It took longer than `PATIENCE`.
            Exception: Something is not as it must be.
        """
        began = time.thread_time()
        self.attempt(data)
        if (took := time.thread_time() - began) > PATIENCE:
            shown = f"{data[:32]!r} … {data[-32:]!r}"
            raise TooSlow(f"{len(data)} bytes took {took:.2f} s: {shown}")


def assert_untold(text: str) -> None:
    """Assert that an error's text tells no secret."""
    assert CANARY not in text, "the text of an error tells a secret"
