"""Names of environment variables."""

from __future__ import annotations

import string

CHARACTERS = frozenset(string.ascii_letters + string.digits + "_")


def is_valid(name: str) -> bool:
    """Whether a shell takes a text as a variable's name (POSIX 3.231)."""
    return bool(name) and not name[0].isdigit() and CHARACTERS.issuperset(name)


def of_parameter(below: str) -> str:
    """The name that others give to a parameter's variable: upper case, anything else is `_`.

    Args:
        below: the parameter's name below its path, such as `db/password-hash`.
    """
    return "".join(each.upper() if each in CHARACTERS else "_" for each in below)
