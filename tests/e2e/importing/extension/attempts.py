"""What is imported, and what comes of it."""

import sys
from typing import Any


def package() -> Any:
    """A package's module is its attribute, and has one name."""
    from . import inner

    return inner.NAME, sys.modules["extension.inner.leaf"] is inner.leaf


def module_by_its_full_name() -> Any:
    """The import of a module imports what is above it."""
    import extension.inner.leaf  # type: ignore[import-not-found]

    return extension.inner.leaf.__spec__.parent, extension.inner.leaf.__name__


def builtin() -> Any:
    """One written in C is left to importlib."""
    import _queue

    return _queue.__spec__.origin


def failing() -> Any:
    """One that fails says why, each time, and is not left half imported."""
    outcomes: list[Any] = []
    for _ in range(2):
        try:
            from . import failing
        except ValueError as error:
            outcomes.append((str(error), "extension.failing" in sys.modules))
        else:
            outcomes.append(failing)
    return outcomes


def absent() -> Any:
    """Below a package, too."""
    from .inner import nothing  # type: ignore[attr-defined]

    return nothing


def absent_module() -> Any:
    """By its full name."""
    return __import__("extension.inner.nothing")


def half_imported() -> Any:
    """Another thread waits for a module that is being imported, and then sees all of it."""
    from . import slow

    slow.begun.acquire()
    return slow.waited, slow.seen
