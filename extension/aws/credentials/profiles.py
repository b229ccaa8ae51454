"""Profiles of `~/.aws`, which only AWS's SDKs read: what to say to who has set one."""

from __future__ import annotations

_HINT = (
    "it is set, and profiles are read by `warmkey serve` of the Python package alone: start that, "
    "or export them (aws configure export-credentials --format env)"
)


def hint(ignored: tuple[str, ...]) -> str:
    """What to add to a hint; nothing where nobody has set one.

    Args:
        ignored: the variables that are set, and lead to what is not read.
    """
    return f"; {ignored[0]}: " + _HINT if ignored else ""
