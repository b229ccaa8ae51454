"""Outcomes of asking upstream for a value: it was found, or it was not."""

from __future__ import annotations

from ..declared.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Found(Value):
    """A value upstream.

    Attributes:
        name: its name there.
        value: the decrypted value; bytes for a binary secret.
        version: its version number or id.
        type: `String`, `StringList`, `SecureString`, `SecretString` or `SecretBinary`.
        arn: its ARN.
        modified: when this version was written, in seconds since the epoch.
        selector: the version or label that was asked for, after a colon; empty for none.
        data_type: a parameter's data type, such as `text`; empty for a secret.
        source_result: a parameter's `SourceResult`, or None.
        stages: a secret's version stages.
    """

    SECRET = ("value",)

    name: str
    value: str | bytes
    version: str
    type: str
    arn: str
    modified: float
    selector: str = ""
    data_type: str = ""
    source_result: str | None = None
    stages: tuple[str, ...] = ()


class Listing(Value):
    """Every value under a path upstream.

    Attributes:
        name: the path.
        members: the values by what their names have below the path.
    """

    SECRET = ("members",)

    name: str
    members: Mapping[str, Found]


class Failed(Value):
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


if TYPE_CHECKING:
    Outcome = Found | Listing | Failed
