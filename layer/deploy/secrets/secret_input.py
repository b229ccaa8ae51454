"""A secret on its way in: from a hidden prompt, from standard input or from a file."""

import sys
from dataclasses import dataclass, field

import click

from .. import named_file
from ..output.failure import InvalidInput

_BYTE_ORDER_MARK = "\ufeff"
_BINARY = (
    "Parameter Store holds text: encode it (base64) and have the handler decode it, or keep it in "
    "Secrets Manager as binary"
)


@dataclass(frozen=True, slots=True)
class SecretText:
    """A value, which no `repr` shows.

    Attributes:
        value: The value.
        stripped: Whether a line break at its end was taken off.
    """

    value: str = field(repr=False)
    stripped: bool = False


def is_prompted(file: str | None) -> bool:
    """Whether somebody at a terminal will be asked for the value.

    Args:
        file: The file that is named, or `-` for standard input; None where none is.
    """
    return file in (None, named_file.STANDARD_INPUT) and sys.stdin.isatty()


def read(file: str | None, *, keep_newline: bool) -> SecretText:
    """Read a value: from a file; else from standard input, and on a terminal from a prompt.

    Args:
        file: Its path, or `-` for standard input; None where none was named.
        keep_newline: Whether a line break at its end belongs to it.

    Raises:
        InvalidInput: It is empty, is no text, or can't be read.
    """
    if is_prompted(file):
        return SecretText(_prompt())
    path = file or named_file.STANDARD_INPUT
    return decode(named_file.read(path), named_file.described(path), keep_newline=keep_newline)


def decode(data: bytes, place: str, *, keep_newline: bool = False) -> SecretText:
    """The text in some bytes, without the line break that editors and `echo` leave at its end.

    Args:
        data: The bytes.
        place: Where they are from, for messages.
        keep_newline: Whether a line break at their end belongs to the text.

    Raises:
        InvalidInput: They are empty, or no text.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise InvalidInput(f"byte {error.start} of {place} is not UTF-8 text", _BINARY) from None
    if "\0" in text:
        raise InvalidInput(f"{place} holds a NUL character", _BINARY)
    if text.startswith(_BYTE_ORDER_MARK):
        raise InvalidInput(f"{place} begins with a byte order mark", "save it as UTF-8 without one")
    stripped = text if keep_newline else text.removesuffix("\n")
    if stripped != text:
        stripped = stripped.removesuffix("\r")
    if not stripped:
        raise InvalidInput(
            f"{place} is empty", "provide the value there, or run this on a terminal"
        )
    return SecretText(stripped, stripped != text)


def _prompt() -> str:
    value: str = click.prompt("Value", hide_input=True, confirmation_prompt="Again", err=True)
    return value
