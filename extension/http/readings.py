"""Readings of a text: as it stands, and as it reads where escapes in it are undone.

A secret may stand in an error as it was put into a URL, into JSON or into a page. Who wants to find
it there looks for the secret itself in each reading, rather than for everything that it may become.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_DEPTH = 2  # escapes within escapes, such as JSON in a string of JSON
_SURROGATES = r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
_BACKSLASH = re.compile(
    _SURROGATES + r"|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]{2})|\\(.)", re.DOTALL
)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_ENTITY = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, and where each of its characters stands in the text that it is a reading of.

    Attributes:
        text: the characters.
        spans: for each, where it begins and ends.
    """

    text: str
    spans: tuple[tuple[int, int], ...]

    @staticmethod
    def of(text: str) -> Reading:
        """A text as it stands."""
        return Reading(text, tuple((n, n + 1) for n in range(len(text))))

    def printed(self) -> Reading:
        """With a space in place of each character that can't be printed."""
        return Reading(printed(self.text), self.spans)

    def squeezed(self) -> Reading:
        """Without white space, and what can't be printed."""
        kept = [n for n, char in enumerate(printed(self.text)) if char != " "]
        return Reading("".join(self.text[n] for n in kept), tuple(self.spans[n] for n in kept))


def printed(text: str) -> str:
    """A text with a space in place of each character that can't be printed."""
    if text.isprintable():
        return text
    return "".join([char if char.isprintable() else " " for char in text])


def readings(text: str) -> Iterator[Reading]:
    """The readings of a text, each once; the first is the text as it stands."""
    level = [Reading.of(text)]
    seen: set[str] = set()
    for _ in range(_DEPTH + 1):
        level = [each for each in level if each.text not in seen]
        seen.update(each.text for each in level)
        yield from level
        level = [found for each in level for found in _unescaped(each)]


def _unescaped(reading: Reading) -> Iterator[Reading]:
    for mark, pattern, meaning in (
        ("\\", _BACKSLASH, _of_backslash),
        ("%", _PERCENT, _of_percent),
        ("&", _ENTITY, _of_entity),
    ):
        if mark in reading.text:
            yield _replaced(reading, pattern, meaning)
    if "+" in reading.text:  # a space in a form
        yield Reading(reading.text.replace("+", " "), reading.spans)


def _replaced(
    reading: Reading, pattern: re.Pattern[str], meaning: Callable[[re.Match[str]], str]
) -> Reading:
    """A reading in which each match of a pattern is what it means."""
    text: list[str] = []
    spans: list[tuple[int, int]] = []
    done = 0
    for match in pattern.finditer(reading.text):
        start, end = match.span()
        text += (reading.text[done:start], chars := meaning(match))
        spans += reading.spans[done:start]
        spans += _shared(reading.spans[start:end], chars)
        done = end
    text.append(reading.text[done:])
    spans += reading.spans[done:]
    return Reading("".join(text), tuple(spans))


def _shared(spans: tuple[tuple[int, int], ...], chars: str) -> Iterable[tuple[int, int]]:
    """The spans of an escape's characters, for each of those that it means."""
    if len(chars) < 2:
        return [(spans[0][0], spans[-1][1])] * len(chars)
    done, shared = 0, []
    for char in chars:  # `%C3%A9%20`: three characters for each byte
        end = done + 3 * len(char.encode("utf-8", "surrogateescape"))
        shared.append((spans[done][0], spans[min(end, len(spans)) - 1][1]))
        done = min(end, len(spans) - 1)
    return shared


def _of_backslash(match: re.Match[str]) -> str:
    high, low, short, long, byte, char = match.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))
    if char is not None:
        return _LETTERS.get(char, char)
    number = int(short or long or byte, 16)
    return chr(number) if number < 0x110000 else ""


def _of_percent(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "surrogateescape")


def _of_entity(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _ENTITIES[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if number < 0x110000 else ""
