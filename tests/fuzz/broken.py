"""A target that something is wrong with, to see that a search finds it."""

from tests.fuzz.target import Target


def attempt(data: bytes) -> None:
    """Bear everything but one word."""
    assert b"Sesame" not in data, "it opens"


TARGET = Target("broken", attempt, ["Open", "Sesame", "Close"])
