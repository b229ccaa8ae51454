"""In place of the standard library's: what `dataclasses` asks of it while a class is made.

The original takes `ast`, `dis` and `tokenize` along, for what only debuggers need.
"""


def get_annotations(cls: type) -> dict[str, object]:
    """The annotations in a class's own body, as they stand there.

    Args:
        cls: The class.
    """
    return dict(cls.__dict__.get("__annotations__", {}))  # noqa: RUF063 - this is the one meant


def signature(cls: type) -> object:
    """Nothing: it would be a docstring of which nobody knows.

    Args:
        cls: The class.

    Raises:
        ValueError: Always, as for a class that has no signature.
    """
    raise ValueError(f"{cls.__name__} has no signature")
