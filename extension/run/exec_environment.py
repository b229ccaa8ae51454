"""The environment of a program that is started with secrets.

A variable whose value is a reference gets the secret. An alias that is a valid variable name
becomes a variable, unless there is one of that name. So a secret that is to stay out of the
environment gets an alias that is not a valid variable name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..declared import reference
from ..declared.declarations import MARK
from ..endpoint.representation import is_variable_name

REMEDY = (
    "declare it in warmkey.json by an alias that is not a valid variable name, such as {0}.value, "
    "and read it from the endpoint"
)
"""What to do about a secret, here named 0, that no variable can hold."""

_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


class Unfit(ValueError):
    """A variable can't get its secret; the message names it, and never shows the secret."""


def fill(
    environ: Mapping[str, str], secrets: Mapping[str, str], is_binary: Callable[[str], bool]
) -> dict[str, str]:
    """Put secrets into an environment.

    Args:
        environ: the environment.
        secrets: the secrets, by alias; binary ones in base64.
        is_binary: says by its alias whether a secret is binary; asked only where it may be.

    Raises:
        Unfit: a secret is not there, or no variable can hold it.
    """
    references = {name: text for name, text in environ.items() if text.startswith(MARK)}
    filled = dict(environ)
    for name in references.keys() - secrets.keys():
        _check_path(name, references[name])
        del filled[name]  # a path has no value; its parameters have aliases of their own
    for alias, value in secrets.items():
        if alias in references or (alias not in environ and is_variable_name(alias)):
            _check_value(alias, value, is_binary)
            filled[alias] = value
    return filled


def about_size(environ: Mapping[str, str]) -> str:
    """What makes an environment too large for the system, and what to do about it."""
    sizes = {name: len(_bytes(name)) + len(_bytes(value)) + 2 for name, value in environ.items()}
    first, *others = sorted(sizes, key=lambda name: -sizes[name])[:3]
    largest = ", ".join(f"{name} ({sizes[name]})" for name in (first, *others))
    return (
        f"The environment has {sum(sizes.values())} bytes, most of them in {largest}; one variable "
        f"may have 131072, all together `getconf ARG_MAX`. If {first} is a secret, "
        f"{REMEDY.format(first)}"
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _check_path(name: str, text: str) -> None:
    try:
        source = reference.parse(text[len(MARK) :], "any").source
    except reference.MalformedReference as error:
        raise Unfit(f"{name}: {error}") from None
    if not source.is_path:
        raise Unfit(
            f"{name} is {text!r}, which the extension does not know: it was set after the "
            "extension had started. Set it where the extension (or `warmkey serve`) is started"
        )


def _check_value(alias: str, value: str, is_binary: Callable[[str], bool]) -> None:
    if "\0" in value:
        raise Unfit(
            f"{alias} contains a NUL byte, which no variable can hold; {REMEDY.format(alias)}"
        )
    if value and len(value) % 4 == 0 and _BASE64.issuperset(value) and is_binary(alias):
        raise Unfit(f"{alias} is binary, which no variable can hold; {REMEDY.format(alias)}")
