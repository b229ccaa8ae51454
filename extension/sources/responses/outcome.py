"""Outcomes of asking upstream for a value: it was found, or it was not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...http.failure import Failed


@dataclass(frozen=True, slots=True)
class Found:
    """A value upstream.

    Attributes:
        name: its name there.
        value: the decrypted value; bytes for a binary secret; None for a binary secret that was
            read as a parameter, where `source_result` alone tells of it.
        version: its version number or id.
        type: `String`, `StringList`, `SecureString`, `SecretString` or `SecretBinary`.
        arn: its ARN.
        modified: when this version was written, in seconds since the epoch.
        selector: the version or label that was asked for, after a colon; empty for none.
        data_type: a parameter's data type, such as `text`; empty for a secret.
        source_result: a parameter's `SourceResult`, or None.
        stages: a secret's version stages.
    """

    name: str
    value: str | bytes | None = field(repr=False)
    version: str
    type: str
    arn: str
    modified: float
    selector: str = ""
    data_type: str = ""
    source_result: str | None = None
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Every value under a path upstream.

    Attributes:
        name: the path.
        members: the values by what their names have below the path.
    """

    name: str
    members: Mapping[str, Found] = field(repr=False)


Outcome = Found | Listing | Failed
