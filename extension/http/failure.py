"""Failures: why there is no value, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """What went wrong, by the name that clients see."""

    MISSING = "missing"
    """Permanent: there is nothing of that name."""
    DENIED = "denied"
    """Permanent: the role may not read it."""
    REJECTED = "refused"
    """Permanent: the service does not take the request, or there is nothing to make it with."""
    THROTTLED = "throttled"
    """Transient: the service gets too many calls."""
    EXPIRED = "expired"
    """Transient: the credentials, or the signature, are of another time."""
    INVALID = "broken"
    """Transient: the response is not one, or Warmkey itself has failed."""
    UNREACHABLE = "unreachable"
    """Transient: there is no connection."""
    UNTRUSTED = "untrusted"
    """Transient, but not soon over: the certificate can't be verified."""
    UNAUTHENTICATED = "unauthenticated"
    """Transient, but not soon over: the service does not know the credentials."""
    TIMEOUT = "timeout"
    """Transient: the response has not come in time."""


_PERMANENT = frozenset((Kind.MISSING, Kind.DENIED, Kind.REJECTED))


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no value.

    Attributes:
        kind: what went wrong.
        detail: what happened, for a person.
        hint: what to do about it; maybe empty.
    """

    kind: Kind
    detail: str
    hint: str = ""

    @property
    def transient(self) -> bool:
        """Whether the same call may succeed later."""
        return self.kind not in _PERMANENT

    @property
    def retryable(self) -> bool:
        """Whether it may succeed in a moment; certificates and credentials change less soon."""
        return self.transient and self.kind not in (Kind.UNTRUSTED, Kind.UNAUTHENTICATED)


class UpstreamError(Exception):
    """A value could not be asked for.

    Attributes:
        failed: why, for a client.
    """

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.detail)
        self.failed = failed
