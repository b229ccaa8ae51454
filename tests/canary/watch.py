"""The watch: what the tests' secrets are, and where they were seen."""

import base64
import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

SHORTEST = 8  # characters: what is shorter stands in many a text by chance


class Leak(AssertionError):
    """A secret stands where it may not; the message says where, and never shows it."""


class Output(Protocol):
    """What a process prints."""

    @property
    def text(self) -> str:
        """The text so far."""

    @property
    def ended(self) -> bool:
        """Whether no more will come."""


@dataclass(slots=True)
class KnownSecrets:
    """The secrets of one fake.

    Attributes:
        values: What the service holds for others: no process but their reader's has them.
        keys: What its callers are known by: their own environments have them.
        closed: Whether the fake has ended.
    """

    values: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    closed: bool = False

    def add(self, value: str | bytes) -> None:
        """Remember a value."""
        self.values |= set(_forms(value))

    def add_key(self, key: str | None) -> None:
        """Remember a key or a token."""
        self.keys |= set(_forms(key or ""))


@dataclass(frozen=True, slots=True)
class _Note:
    place: str
    text: str
    keys_allowed: bool


@dataclass(slots=True)
class _Followed:
    output: Output
    seen: int = 0


class Watch:
    """Looks for secrets in what was noted; its memory is bounded, whoever forgets to look."""

    def __init__(self) -> None:
        self._known: deque[KnownSecrets] = deque(maxlen=64)
        self._notes: deque[_Note] = deque(maxlen=4096)
        self._followed: deque[_Followed] = deque(maxlen=256)

    @property
    def knows_any(self) -> bool:
        """Whether there is any secret to look for."""
        return any(known.values for known in self._known)

    def known_secrets(self) -> KnownSecrets:
        """A place for the secrets of a fake."""
        self._known.append(KnownSecrets())
        return self._known[-1]

    def follow(self, output: Output) -> None:
        """Note whatever a process will print."""
        self._followed.append(_Followed(output))

    def note(self, place: str, text: str, *, keys_allowed: bool = False) -> None:
        """Note a text.

        Args:
            place: Where it stands, for a person.
            text: The text.
            keys_allowed: Whether keys and tokens may stand there.
        """
        self._notes.append(_Note(place, text, keys_allowed))

    def look(self) -> None:
        """Look for every secret in everything that was noted since the last look.

        Raises:
            Leak: There is one.
        """
        values = {value for known in self._known for value in known.values}
        keys = {key for known in self._known for key in known.keys}
        leaks = [
            f"{note.place}: {line}"
            for note in self._new_notes()
            for line in _tell_tales(note.text, values if note.keys_allowed else values | keys)
        ]
        if leaks:
            raise Leak("a secret stands in\n" + "\n".join(leaks))

    def forget(self) -> None:
        """Forget the secrets of fakes that have ended."""
        for known in [known for known in self._known if known.closed]:
            self._known.remove(known)

    def _new_notes(self) -> Iterator[_Note]:
        while self._notes:
            yield self._notes.popleft()
        for followed in list(self._followed):
            ended, text = followed.output.ended, followed.output.text
            if len(text) > followed.seen:  # from the line on that was the last one then
                start = text.rfind("\n", 0, followed.seen) + 1
                yield _Note("what a process printed", text[start:], keys_allowed=False)
            followed.seen = len(text)
            if ended:
                self._followed.remove(followed)


WATCH = Watch()
"""The one of this test process."""


def _forms(secret: str | bytes) -> Iterator[str]:
    """What a secret looks like in a text: as it is, in JSON, and in base64."""
    text = secret if isinstance(secret, str) else secret.decode("utf-8", "backslashreplace")
    data = secret.encode("utf-8", "surrogatepass") if isinstance(secret, str) else secret
    for form in (text, json.dumps(text)[1:-1], base64.b64encode(data).decode()):
        if len(text) >= SHORTEST:
            yield form


def _tell_tales(text: str, secrets: Iterable[str]) -> Iterator[str]:
    """The beginning of the line that each secret stands in, without the secret."""
    for secret in secrets:
        if secret in text:
            before = text.partition(secret)[0].rpartition("\n")[2]
            yield f"{before[-120:]}<{len(secret)} characters that are secret>"
