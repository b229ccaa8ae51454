"""Sources: what is read upstream."""

from __future__ import annotations

from dataclasses import dataclass

_CURRENT = "AWSCURRENT"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One SSM parameter.

    Attributes:
        name: its name, path or ARN.
        selector: a version number, a label, or empty for the latest version.
        decrypt: whether a SecureString is decrypted; only the drop-in API can ask otherwise.
    """

    name: str
    selector: str = ""
    decrypt: bool = True

    @property
    def service(self) -> str:
        """The service that has it."""
        return "ssm"

    @property
    def wire_name(self) -> str:
        """The `Name` that SSM takes for it: the selector, if any, after a colon."""
        return f"{self.name}:{self.selector}" if self.selector else self.name


@dataclass(frozen=True, slots=True)
class ParameterPath:
    """Every SSM parameter under a path, however deep.

    Attributes:
        name: the path, without a slash at its end.
    """

    name: str

    @property
    def service(self) -> str:
        """The service that has them."""
        return "ssm"


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret of Secrets Manager; both selectors empty means the current version.

    Attributes:
        name: its name or ARN (`SecretId`).
        version_id: `VersionId`, or empty.
        version_stage: `VersionStage`, or empty.
    """

    name: str
    version_id: str = ""
    version_stage: str = ""

    @property
    def service(self) -> str:
        """The service that has it."""
        return "secretsmanager"


Source = Parameter | ParameterPath | Secret


def make_secret(name: str, version_id: str = "", version_stage: str = "") -> Secret:
    """A secret; one that asks for `AWSCURRENT` is the same as one that asks for no version."""
    if version_stage == _CURRENT and not version_id:
        return Secret(name)
    return Secret(name, version_id, version_stage)
