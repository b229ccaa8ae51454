"""Texts that go out: on one line, of bounded length, and without a secret that is known.

Everything that leaves the daemon in words passes a `Scrubber`: the log, errors, the status, what
the exec wrapper says. So it makes no difference who put a secret into a text: AWS, which repeats
what it was sent; a reader, who asks for a secret by its value; or a mistake of ours.

Values under `SHORTEST` characters are left alone: `true`, `5432` and `eu-west-1` are ordinary text.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable, Iterable, Iterator, Mapping

from . import json_text, percent

SHORTEST = 8
"""Characters of the shortest secret that is looked for."""

_IN_PLACE = "***"
_CUTS = ("", "…", "'", '"')  # what follows a secret whose end was cut off


def one_line(text: str, longest: int) -> str:
    """A text without control characters, which would steer a terminal, and cut if it is longer.

    Args:
        text: the text.
        longest: how many characters it may have.
    """
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    if cut.isprintable():
        return cut
    return "".join([char if char.isprintable() else " " for char in cut])


class Scrubber:
    """Takes secrets out of texts, in whatever form they were written; for any thread.

    Of each secret's forms only the beginnings are kept, as all of them are several times its size;
    they are made anew where a text holds such a beginning.

    Args:
        secrets: gives the secrets that are known now.
    """

    __slots__ = ("_heads", "_secrets")

    def __init__(self, secrets: Callable[[], Iterable[str | bytes]]) -> None:
        self._secrets = secrets
        self._heads: dict[str | bytes, tuple[str, ...]] = {}

    def clean(self, text: str) -> str:
        """A text with `***` in place of each secret; what was cut off at its end counts as one."""
        if len(text) < SHORTEST:
            return text
        known = self._heads
        heads = {each: known[each] if each in known else _heads(each) for each in self._secrets()}
        self._heads = heads
        while spans := sorted(_spans(text, heads)):
            text = _without(text, spans)
        return text


def _spans(text: str, heads: Mapping[str | bytes, tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Where a text holds a form of a secret, or as much of one as was not cut off."""
    for secret, beginnings in heads.items():
        if any(head in text for head in beginnings):
            for form in _forms(secret):
                yield from _occurrences(form, text)


def _occurrences(form: str, text: str) -> Iterator[tuple[int, int]]:
    head = form[:SHORTEST]
    start = text.find(head)
    while start >= 0:
        length = _common(form, text, start)
        following = text[start + length : start + length + 1]
        if length == len(form) or following in _CUTS:
            yield start, start + length
        start = text.find(head, start + 1)


def _common(form: str, text: str, start: int) -> int:
    """How many characters of a form stand in a text, from a place on."""
    if text.startswith(form, start):
        return len(form)
    pairs = zip(form, text[start:], strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), len(text) - start)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text with something else in place of spans, which are sorted and may overlap."""
    kept: list[str] = []
    done = 0
    for start, end in spans:
        if start >= done:
            kept += (text[done:start], _IN_PLACE)
        done = max(done, end)
    return "".join((*kept, text[done:]))


def _heads(secret: str | bytes) -> tuple[str, ...]:
    """How each form of a secret begins."""
    return tuple(dict.fromkeys(form[:SHORTEST] for form in _forms(secret)))


def _forms(secret: str | bytes) -> tuple[str, ...]:
    """How a secret may be written in a text, each form once; none for one that is too short."""
    data = secret if isinstance(secret, bytes) else secret.encode("utf-8", "surrogatepass")
    plain = b2a_base64(data, newline=False).decode().rstrip("=")
    forms = [plain, plain.replace("+", "-").replace("/", "_")]
    text = secret if isinstance(secret, str) else data.decode("utf-8", "ignore")
    if isinstance(secret, str) or text.encode() == data:
        escaped = percent.encode(data)
        forms += (text, one_line(text, len(text)), text.strip(), json_text.encode(text)[1:-1])
        forms += (escaped, escaped.lower(), repr(text)[1:-1])
    shortest = min(len(text.strip()), len(data))
    if shortest < SHORTEST:
        return ()
    return tuple(dict.fromkeys(form for form in forms if len(form) >= SHORTEST))
