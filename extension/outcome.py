"""Outcomes of asking upstream for a value: it was found, or it was not."""

from __future__ import annotations

from .value import Value

TYPE_CHECKING = False


class Found(Value):
    """A value upstream.

    Attributes:
        name: its name there.
        value: the decrypted value; bytes for a binary secret.
        version: its version number or id.
        type: `String`, `StringList`, `SecureString`, `SecretString` or `SecretBinary`.
        arn: its ARN.
        modified: when this version was written, in seconds since the epoch.
    """

    SECRET = ("value",)

    name: str
    value: str | bytes
    version: str
    type: str
    arn: str
    modified: float


class Failed(Value):
    """Why there is no value.

    Attributes:
        kind: `missing`, `denied` or `refused`, which are for good; `throttled`, `expired` (the
            credentials), `broken`, `unreachable` or `timeout`, which may pass.
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


if TYPE_CHECKING:
    Outcome = Found | Failed
