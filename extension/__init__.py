"""The Warmkey daemon: an extension that has a function's secrets warm before its handler is."""

from typing import NoReturn

VERSION = "0.1.0"


def assert_never(value: NoReturn) -> NoReturn:
    """Mark what the type checker proves can't be reached; `typing` has it from Python 3.11 on."""
    raise AssertionError(f"unexpected {type(value).__name__}")
