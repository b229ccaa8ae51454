"""Texts that go out: on one line, of bounded length, and without a secret that is known.

Everything that leaves the daemon in words passes a `Scrubber`: the log, errors, the status, what
the exec wrapper says. So it makes no difference who put a secret into a text: AWS, which repeats
what it was sent; a client, which asks for a secret by its value; or a mistake of ours.

Values under `SHORTEST` characters are left alone: `true`, `5432` and `eu-west-1` are ordinary text.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from .readings import Reading, printed, readings

SHORTEST = 8
"""Characters of the shortest secret that is looked for."""
LONGEST = 600
"""Characters of the longest text that goes out."""

_IN_PLACE = "***"
_CUTS = ("", "…", "'", '"')  # what follows a secret whose end was cut off
_MOST_HARMLESS = 64  # texts that are kept
_BEGINNING = 64  # characters of a secret, by which it is found
_SMALL = str.maketrans("ABCDEF", "abcdef")  # of hexadecimal digits
_STANDARD = str.maketrans("-_", "+/")  # of the two alphabets of base64
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def one_line(text: str, longest: int = LONGEST) -> str:
    """A text without control characters, which would steer a terminal, and cut if it is longer.

    Args:
        text: the text.
        longest: how many characters it may have.
    """
    return printed(text if len(text) <= longest else f"{text[: longest - 1]}…")


class _Form(Enum):
    """How a secret may be written, besides the escapes that a reading undoes."""

    SPACED = auto()  # as it is, each character that can't be printed as a space
    SQUEEZED = auto()  # as it is, with any white space between or none
    BASE64 = auto()  # be it within something longer
    HEX = auto()


_Heads = Mapping[_Form, tuple[str, ...]]
_Index = Mapping[_Form, Mapping[str, Sequence[str | bytes]]]


@dataclass(frozen=True, slots=True, repr=False)
class _Known:
    """Some secrets.

    Attributes:
        heads: how the forms of each begin.
        index: the secrets, by how a form of them begins.
        harmless: texts that hold none of them, as they go out.
    """

    heads: Mapping[str | bytes, _Heads]
    index: _Index
    harmless: dict[str, str]

    def keep(self, text: str, cleaned: str) -> None:
        """Keep a text that holds none of the secrets."""
        if len(self.harmless) >= _MOST_HARMLESS:
            self.harmless.clear()
        self.harmless[text] = cleaned


class Scrubber:
    """Takes secrets out of texts, in whatever form they were written; for any thread.

    Of each secret's forms only the beginnings are kept, as all of them are several times its size;
    they are made anew where a text holds such a beginning. Most texts are said again and again, as
    reasons and hints are: the last that held no secret are known, until others are known.

    Args:
        secrets: gives the secrets that are known now.
    """

    __slots__ = ("_known", "_secrets")

    def __init__(self, secrets: Callable[[], Iterable[str | bytes]]) -> None:
        self._secrets = secrets
        self._known = _Known({}, {}, {})

    def clean(self, text: str) -> str:
        """A text that may go out: with `***` in place of each secret, printable, and not too long.

        What was cut off at its end counts as a secret, too, where enough of that is left.
        """
        text = text[: 4 * LONGEST]
        if len(text) < SHORTEST:
            return one_line(text)
        known = self._known_now()
        kept = known.harmless.get(text)  # in one step, as another thread may clear them
        if kept is not None:
            return kept
        said = text
        while spans := sorted(_spans(text, known.index)):
            text = _without(text, spans)
        cleaned = one_line(text)
        if text is said:
            known.keep(text, cleaned)
        return cleaned

    def _known_now(self) -> _Known:
        """The secrets that are known now."""
        secrets = dict.fromkeys(self._secrets())
        known = self._known
        if secrets.keys() != known.heads.keys():
            heads = {e: known.heads[e] if e in known.heads else _heads(e) for e in secrets}
            known = self._known = _Known(heads, _by_head(heads), {})
        return known


def _by_head(known: Mapping[str | bytes, _Heads]) -> _Index:
    index: dict[_Form, dict[str, list[str | bytes]]] = {form: {} for form in _Form}
    for secret, heads in known.items():
        for form, starts in heads.items():
            for start in starts:
                index[form].setdefault(start, []).append(secret)
    return index


def _spans(text: str, index: _Index) -> Iterator[tuple[int, int]]:
    """Where a text holds a form of a secret, or as much of one as was not cut off."""
    if not any(index.values()):
        return
    forms: dict[str | bytes, Mapping[_Form, tuple[str, ...]]] = {}
    for form, found in _written(text).items():
        heads = index[form]
        for reading in found:
            for start in range(len(reading.text) - SHORTEST + 1):
                for secret in heads.get(reading.text[start : start + SHORTEST], ()):
                    forms[secret] = forms.get(secret) or _forms(secret)
                    for whole in forms[secret][form]:
                        yield from _occurrence(whole, reading, start, form)


def _written(text: str) -> Mapping[_Form, Sequence[Reading]]:
    """In which readings of a text to look for each form."""
    plain = list(readings(text))
    squeezed = [each.squeezed() for each in plain]
    return {
        _Form.SPACED: [each.printed() for each in plain],
        _Form.SQUEEZED: squeezed,
        _Form.BASE64: [Reading(each.text.translate(_STANDARD), each.spans) for each in squeezed],
        _Form.HEX: [Reading(each.text.translate(_SMALL), each.spans) for each in squeezed],
    }


def _occurrence(whole: str, reading: Reading, start: int, form: _Form) -> Iterator[tuple[int, int]]:
    """The span of a form that begins at a place, if it does and is whole, or cut off."""
    length = _common(whole, reading.text, start)
    end = start + length
    if length < SHORTEST or (length < len(whole) and reading.text[end : end + 1] not in _CUTS):
        return
    while form is _Form.BASE64 and _continues(reading.text, start + len(whole), end):
        end += 1
    yield reading.spans[start][0], reading.spans[end - 1][1]


def _continues(text: str, whole: int, end: int) -> bool:
    """Whether a character ends a base64 text: its last one, of which the secret has some bits."""
    char = text[end : end + 1]
    return char == "=" or (char in _BASE64 and bool(char) and end == whole)


def _common(form: str, text: str, start: int) -> int:
    """How many characters of a form stand in a text, from a place on."""
    least, most = 0, min(len(form), len(text) - start)
    while least < most:
        middle = (least + most + 1) // 2
        if text.startswith(form[:middle], start):
            least = middle
        else:
            most = middle - 1
    return least


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text with something else in place of spans, which are sorted and may overlap."""
    kept: list[str] = []
    done = 0
    for start, end in spans:
        if start >= done:
            kept += (text[done:start], _IN_PLACE)
        done = max(done, end)
    return "".join((*kept, text[done:]))


def _heads(secret: str | bytes) -> _Heads:
    """How each form of a secret begins, which its own beginning tells, mostly."""
    beginning = secret
    if isinstance(secret, str) and len(_squeezed(secret[:_BEGINNING])) >= SHORTEST:
        beginning = secret[:_BEGINNING]
    return {
        form: tuple([each[:SHORTEST] for each in written])
        for form, written in _forms(beginning).items()
    }


def _forms(secret: str | bytes) -> Mapping[_Form, tuple[str, ...]]:
    """How a secret may be written in a text; nothing for one that is too short."""
    text = _text(secret)
    data = secret if isinstance(secret, bytes) else secret.encode("utf-8", "surrogatepass")
    spaced = printed(text or "").strip()
    squeezed = _squeezed(spaced)
    if min(len(data), len(data) if text is None else len(spaced)) < SHORTEST:
        return {}
    forms = {
        _Form.BASE64: tuple(_in_base64(data, shift) for shift in range(3)),
        _Form.HEX: (data.hex(),),
    }
    if len(squeezed) >= SHORTEST:
        forms[_Form.SQUEEZED] = (squeezed,)
    elif text is not None:
        forms[_Form.SPACED] = (spaced,)
    return forms


def _text(secret: str | bytes) -> str | None:
    """A secret as text; None where it is none."""
    try:
        return secret if isinstance(secret, str) else secret.decode()
    except UnicodeDecodeError:
        return None


def _in_base64(data: bytes, shift: int) -> str:
    """What base64 makes of data alone, after so many other bytes: no character of both."""
    encoded = b2a_base64(b"\0" * shift + data, newline=False).decode().rstrip("=")
    shared = (shift + len(data)) % 3 > 0
    return encoded[(0, 2, 3)[shift] : len(encoded) - shared]


def _squeezed(text: str) -> str:
    return "".join(printed(text).split(" "))
