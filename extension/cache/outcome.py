"""Outcomes of asking upstream for a value: it was found, or it was not."""

from __future__ import annotations

from ..value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http.failure import Failed


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


if TYPE_CHECKING:
    Outcome = Found | Listing | Failed
