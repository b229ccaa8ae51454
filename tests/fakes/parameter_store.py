"""SSM Parameter Store: parameters with versions and labels, and the three actions that read them.

Behaviour as in AWS's API reference (Systems Manager: GetParameter, GetParameters,
GetParametersByPath, Parameter); error messages as AWS words them.
"""

import base64
import binascii
import enum
import hashlib
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.aws_error import AwsError, constraint

Type = Literal["String", "StringList", "SecureString"]
PAGE = 10
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_./-]+(:[A-Za-z0-9_.-]+)?")
_BAD_NAME = (
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it '
    "can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of "
    "letters, numbers and the following 3 symbols .-_"
)


class Key(enum.Enum):
    """State of the KMS key that a SecureString is encrypted under, for this caller."""

    USABLE = "usable"
    DISABLED = "disabled"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class _Version:
    number: int
    value: str = field(repr=False)
    type: Type
    modified: float


@dataclass(slots=True)
class _Parameter:
    name: str
    versions: list[_Version] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    key: Key = Key.USABLE

    def select(self, selector: str) -> _Version:
        """The version that a selector names; the newest for none."""
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


class ParameterStore:
    """The parameters of one account in one region. Thread-safe.

    Args:
        region: Part of each parameter's ARN.
        account: The same.
        clock: Seconds since the epoch, for LastModifiedDate.

    Attributes:
        empty_pages: So many pages of GetParametersByPath to come are empty, yet have a NextToken.
    """

    def __init__(self, region: str, account: str, clock: Callable[[], float] = time.time) -> None:
        self._prefix = f"arn:aws:ssm:{region}:{account}:parameter/"
        self._kms = f"arn:aws:kms:{region}:{account}:key/1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f"
        self._clock = clock
        self._lock = threading.RLock()
        self._parameters: dict[str, _Parameter] = {}
        self.empty_pages = 0

    def put(
        self, name: str, value: str, kind: Type = "SecureString", labels: Sequence[str] = ()
    ) -> int:
        """Store a value, as a new version where the name is known; return the version's number."""
        with self._lock:
            parameter = self._parameters.setdefault(name, _Parameter(name))
            number = parameter.versions[-1].number + 1 if parameter.versions else 1
            parameter.versions.append(_Version(number, value, kind, self._clock()))
            parameter.labels.update(dict.fromkeys(labels, number))
            return number

    def label(self, name: str, label: str, version: int) -> None:
        """Move a label to a version."""
        with self._lock:
            self._parameters[name].labels[label] = version

    def delete(self, name: str) -> None:
        """Delete a parameter with all its versions."""
        with self._lock:
            del self._parameters[name]

    def set_key(self, name: str, key: Key) -> None:
        """Say what the KMS key of this parameter is like from now on."""
        with self._lock:
            self._parameters[name].key = key

    def arn(self, name: str) -> str:
        """The ARN of a parameter asked for by name, path or ARN, without a selector."""
        base, _ = self._split(name)
        return self._prefix + base.removeprefix("/")

    def act(self, action: str, body: dict[str, Any]) -> dict[str, Any]:
        """Answer one call.

        Raises:
            AwsError: As SSM refuses.
        """
        decrypt = body.get("WithDecryption") is True
        with self._lock:
            match action:
                case "GetParameter":
                    return {"Parameter": self._read(_required(body, "Name"), decrypt)}
                case "GetParameters":
                    return self._read_batch(_required(body, "Names"), decrypt)
                case "GetParametersByPath":
                    return self._read_page(_required(body, "Path"), body, decrypt)
                case _:
                    raise AwsError("UnknownOperationException")

    def _read(self, name: str, decrypt: bool) -> dict[str, Any]:
        base, selector = self._split(name)
        parameter = self._parameters.get(base)
        if parameter is None:
            raise AwsError("ParameterNotFound")
        return self._describe(parameter, selector, decrypt)

    def _read_batch(self, names: list[str], decrypt: bool) -> dict[str, Any]:
        if not 1 <= len(names) <= PAGE:
            rule = "greater than or equal to 1" if not names else f"less than or equal to {PAGE}"
            shown = f"'[{', '.join(names)}]'"
            raise constraint(shown, "names", f"Member must have length {rule}")
        # The order of the answer is not the request's: nobody may lean on it.
        answers = {name: self._read_if_there(name, decrypt) for name in reversed(names)}
        return {
            "Parameters": [answer for answer in answers.values() if answer],
            "InvalidParameters": [name for name, answer in answers.items() if not answer],
        }

    def _read_if_there(self, name: str, decrypt: bool) -> dict[str, Any] | None:
        try:
            return self._read(name, decrypt)
        except AwsError as error:
            if error.kind in ("ParameterNotFound", "ParameterVersionNotFound"):
                return None
            raise

    def _read_page(self, path: str, body: dict[str, Any], decrypt: bool) -> dict[str, Any]:
        if not path.startswith("/"):
            raise AwsError("ValidationException", _BAD_NAME)
        size = body.get("MaxResults", PAGE)
        if not 1 <= size <= PAGE:
            rule = f"Member must have value less than or equal to {PAGE}"
            raise constraint(f"'{size}'", "maxResults", rule)
        start = _offset(body.get("NextToken"))
        if self.empty_pages > 0:
            self.empty_pages -= 1
            return {"Parameters": [], "NextToken": _token(start)}
        names = self._below(path, body.get("Recursive") is True)
        page = names[start : start + size]
        found = [self._describe(self._parameters[name], "", decrypt) for name in page]
        more = {"NextToken": _token(start + size)} if start + size < len(names) else {}
        return {"Parameters": found} | more

    def _below(self, path: str, recursive: bool) -> list[str]:
        prefix = path.rstrip("/") + "/"
        below = (name for name in sorted(self._parameters) if name.startswith(prefix))
        return [name for name in below if recursive or "/" not in name.removeprefix(prefix)]

    def _split(self, name: str) -> tuple[str, str]:
        """A parameter's own name and the selector, out of a name, path or ARN."""
        if name.startswith("arn:"):
            base, _, selector = name.partition(":parameter/")[2].partition(":")
            return (base if base in self._parameters else f"/{base}"), selector
        if not _PLAIN_NAME.fullmatch(name):
            raise AwsError("ValidationException", _BAD_NAME)
        base, _, selector = name.partition(":")
        return base, selector

    def _describe(self, parameter: _Parameter, selector: str, decrypt: bool) -> dict[str, Any]:
        version = parameter.select(selector)
        value = version.value
        if version.type == "SecureString":
            value = self._decrypt(parameter, version) if decrypt else _ciphertext(value)
        return {
            "ARN": self.arn(parameter.name),
            "DataType": "text",
            "LastModifiedDate": round(version.modified, 3),
            "Name": parameter.name,
            "Type": version.type,
            "Value": value,
            "Version": version.number,
        } | ({"Selector": f":{selector}"} if selector else {})

    def _decrypt(self, parameter: _Parameter, version: _Version) -> str:
        tail = "(Service: AWSKMS; Status Code: 400; Error Code: {}; Request ID: 0; Proxy: null)"
        match parameter.key:
            case Key.USABLE:
                return version.value
            case Key.DISABLED:
                text = f"{self._kms} is disabled. {tail.format('DisabledException')}"
                raise AwsError("InvalidKeyId", text)
            case Key.DENIED:
                text = (
                    "The ciphertext refers to a customer master key that does not exist, does not "
                    "exist in this region, or you are not allowed to access. "
                    f"{tail.format('AccessDeniedException')}"
                )
                raise AwsError("AccessDeniedException", text, key="Message")


def _required(body: dict[str, Any], field_name: str) -> Any:
    if body.get(field_name) is None:
        raise constraint("null", field_name.lower(), "Member must not be null")
    return body[field_name]


def _ciphertext(value: str) -> str:
    """What SSM returns for a SecureString without decryption: KMS's blob, in base64."""
    return "AQICAHh" + base64.b64encode(hashlib.sha512(value.encode()).digest() * 2).decode()


def _token(offset: int) -> str:
    return base64.b64encode(f"page from {offset}".encode()).decode()


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.b64decode(token, validate=True).removeprefix(b"page from "))
    except (ValueError, binascii.Error):
        raise AwsError("InvalidNextToken", "The specified token isn't valid.") from None
