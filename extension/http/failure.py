"""Failures: why there is no value, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no value.

    Attributes:
        kind: `missing`, `denied` or `refused`, which are for good; `throttled`, `expired` (the
            credentials), `broken`, `unreachable`, `untrusted` or `timeout`, which may pass.
        detail: what happened, for a person.
        hint: what to do about it; maybe empty.
    """

    kind: str
    detail: str
    hint: str = ""

    @property
    def passing(self) -> bool:
        """Whether the same call may succeed later."""
        return self.kind not in ("missing", "denied", "refused")

    @property
    def worth_retrying(self) -> bool:
        """Whether it may succeed in a moment; a certificate does not change so soon."""
        return self.passing and self.kind != "untrusted"


class UpstreamError(Exception):
    """A value could not be asked for.

    Attributes:
        failed: why, for a reader.
    """

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.detail)
        self.failed = failed
