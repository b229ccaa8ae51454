"""One SSM parameter: its versions, its labels, the key that its value is encrypted under."""

import base64
import enum
import hashlib
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.aws_error import AwsError

Type = Literal["String", "StringList", "SecureString"]
_KMS = "(Service: AWSKMS; Status Code: 400; Error Code: {}; Request ID: 0; Proxy: null)"


class Key(enum.Enum):
    """State of the KMS key that a SecureString is encrypted under, for this caller."""

    USABLE = "usable"
    DISABLED = "disabled"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a parameter's value."""

    number: int
    value: str = field(repr=False)
    type: Type
    modified: float


@dataclass(slots=True)
class Parameter:
    """A parameter with its history."""

    name: str
    arn: str
    versions: list[Version] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    key: Key = Key.USABLE

    def add(self, value: str, kind: Type, now: float) -> int:
        """Add a version; return its number."""
        number = len(self.versions) + 1
        self.versions.append(Version(number, value, kind, now))
        return number

    def describe(self, selector: str, decrypt: bool) -> dict[str, Any]:
        """The parameter as SSM returns it, at the version that the selector names.

        Raises:
            AwsError: ParameterVersionNotFound; InvalidKeyId, AccessDeniedException for the key.
        """
        version = self._select(selector)
        value = version.value
        if version.type == "SecureString":
            value = self._decrypt(version) if decrypt else _ciphertext(value)
        return {
            "ARN": self.arn,
            "DataType": "text",
            "LastModifiedDate": round(version.modified, 3),
            "Name": self.name,
            "Type": version.type,
            "Value": value,
            "Version": version.number,
        } | ({"Selector": f":{selector}"} if selector else {})

    def _select(self, selector: str) -> Version:
        if not selector:
            return self.versions[-1]
        wanted = self.labels.get(selector, int(selector) if selector.isdecimal() else 0)
        for version in self.versions:
            if version.number == wanted:
                return version
        kind, at = ("version", "of") if selector.isdecimal() else ("label", "for parameter")
        raise AwsError(
            "ParameterVersionNotFound",
            f"Systems Manager could not find {kind} {selector} {at} {self.name}. "
            f"Verify the {kind} and try again.",
        )

    def _decrypt(self, version: Version) -> str:
        match self.key:
            case Key.USABLE:
                return version.value
            case Key.DISABLED:
                region_and_account = ":".join(self.arn.split(":")[3:5])
                key = f"arn:aws:kms:{region_and_account}:key/1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f"
                text = f"{key} is disabled. {_KMS.format('DisabledException')}"
                raise AwsError("InvalidKeyId", text)
            case Key.DENIED:
                text = (
                    "The ciphertext refers to a customer master key that does not exist, does not "
                    "exist in this region, or you are not allowed to access. "
                )
                text += _KMS.format("AccessDeniedException")
                raise AwsError("AccessDeniedException", text, key="Message")


def _ciphertext(value: str) -> str:
    """What SSM returns for a SecureString without decryption: KMS's blob, in base64."""
    return "AQICAHh" + base64.b64encode(hashlib.sha512(value.encode()).digest() * 2).decode()
