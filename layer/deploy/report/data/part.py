"""What every part of a bench has in common: how strictly it is read from JSON."""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pydantic import ConfigDict


class Part:
    """A part of a bench: nothing unknown in it, no text for a number, and no number without end."""

    __slots__ = ()
    __pydantic_config__: ClassVar["ConfigDict"] = {
        "extra": "forbid",
        "strict": True,
        "allow_inf_nan": False,
    }


def require(holds: bool, otherwise: str) -> None:
    """Hold a rule that ties several fields together.

    Args:
        holds: Whether it holds.
        otherwise: What was given and what is allowed.

    Raises:
        ValueError: It doesn't.
    """
    if not holds:
        raise ValueError(otherwise)
