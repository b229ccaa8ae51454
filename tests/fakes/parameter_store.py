"""SSM Parameter Store: the parameters of an account, and the three actions that read them.

Behaviour as in AWS's API reference (Systems Manager: GetParameter, GetParameters,
GetParametersByPath, Parameter); error messages as AWS words them.
"""

import base64
import json
import re
import threading
import time
import uuid
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.canary.watch import KnownSecrets
from tests.fakes.aws_body import Body, text, texts
from tests.fakes.aws_error import AwsError, constraint
from tests.fakes.parameter import Key, Parameter, Type
from tests.fakes.secrets_manager import SecretsManager

PAGE = 10
_REFERENCE = "/aws/reference/secretsmanager/"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_./-]+(:[A-Za-z0-9_.-]+)?")
_BAD_NAME = (
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it '
    "can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of "
    "letters, numbers and the following 3 symbols .-_"
)


class ParameterStore:
    """The parameters of one account in one region. Thread-safe.

    Args:
        region: Part of each parameter's ARN.
        account: The same.
        clock: Seconds since the epoch, for LastModifiedDate.
        secrets: What can be read as `/aws/reference/secretsmanager/…`; None for nothing.
        known: Where its values are remembered, to be seen nowhere else.

    Attributes:
        empty_pages: How many of the next pages of GetParametersByPath are empty, yet have a
            NextToken.
    """

    def __init__(
        self,
        region: str,
        account: str,
        clock: Callable[[], float] = time.time,
        secrets: SecretsManager | None = None,
        known: KnownSecrets | None = None,
    ) -> None:
        self._prefix = f"arn:aws:ssm:{region}:{account}:"
        self._clock = clock
        self._secrets = secrets
        self._known_secrets = known or KnownSecrets()
        self._lock = threading.RLock()
        self._parameters: dict[str, Parameter] = {}
        self.empty_pages = 0

    def put(
        self, name: str, value: str, kind: Type = "SecureString", labels: Sequence[str] = ()
    ) -> int:
        """Store a value, as a new version where the name is known; return the version's number."""
        with self._lock:
            self._known_secrets.add(value)
            parameter = self._parameters.setdefault(name, Parameter(name, self._arn(name)))
            number = parameter.add(value, kind, self._clock())
            parameter.labels.update(dict.fromkeys(labels, number))
            return number

    def put_together(self, values: Mapping[str, str]) -> None:
        """Store a value for each name; no call sees some of them and not the others."""
        with self._lock:
            for name, value in values.items():
                self.put(name, value)

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

    def resource(self, action: str, name: str) -> str:
        """The resource that IAM names when it denies an action on a name.

        A parameter that is not there is `*`, as seen in
        github.com/aws-solutions/aws-control-tower-customizations/issues/208; a path stands as sent.
        """
        if action == "GetParametersByPath":
            return self._arn(name)
        with self._lock:
            base, _ = self._split(name)
            return self._arn(base) if base in self._parameters else f"{self._prefix}*"

    def act(self, action: str, body: Body) -> Body:
        """Answer one call.

        Raises:
            AwsError: As SSM refuses.
        """
        decrypt = body.get("WithDecryption") is True
        with self._lock:
            match action:
                case "GetParameter":
                    return {"Parameter": self._read(text(body, "Name"), decrypt)}
                case "GetParameters":
                    return self._read_batch(texts(body, "Names", PAGE), decrypt)
                case "GetParametersByPath":
                    return self._read_page(text(body, "Path"), body, decrypt)
                case _:
                    raise AwsError("UnknownOperationException")

    def _arn(self, name: str) -> str:
        return f"{self._prefix}parameter/{name.removeprefix('/')}"

    def _split(self, name: str) -> tuple[str, str]:
        """A parameter's own name and the selector, out of a name, path or ARN."""
        if name.startswith("arn:"):
            base, _, selector = name.partition(":parameter/")[2].partition(":")
            return (base if base in self._parameters else f"/{base}"), selector
        if not _PLAIN_NAME.fullmatch(name):
            raise AwsError("ValidationException", _BAD_NAME)
        base, _, selector = name.partition(":")
        return base, selector

    def _read(self, name: str, decrypt: bool) -> dict[str, Any]:
        if self._secrets and name.startswith(_REFERENCE):
            return _referred(self._secrets, name, decrypt)
        base, selector = self._split(name)
        if base not in self._parameters:
            raise AwsError("ParameterNotFound")
        return self._parameters[base].describe(selector, decrypt)

    def _read_if_there(self, name: str, decrypt: bool) -> dict[str, Any] | None:
        try:
            return self._read(name, decrypt)
        except AwsError as error:
            if error.kind in ("ParameterNotFound", "ParameterVersionNotFound"):
                return None
            raise

    def _read_batch(self, names: list[str], decrypt: bool) -> Body:
        # The order of the answer is not the request's: nobody may lean on it.
        answers = {name: self._read_if_there(name, decrypt) for name in reversed(names)}
        return {
            "Parameters": [answer for answer in answers.values() if answer],
            "InvalidParameters": [name for name, answer in answers.items() if not answer],
        }

    def _read_page(self, path: str, body: Body, decrypt: bool) -> Body:
        if not path.startswith("/"):
            raise AwsError("ValidationException", _BAD_NAME)
        size, start = _page_size(body.get("MaxResults", PAGE)), _offset(body.get("NextToken"))
        if self.empty_pages > 0:
            self.empty_pages -= 1
            return {"Parameters": [], "NextToken": _token(start)}
        names = self._below(path, body.get("Recursive") is True)
        page = names[start : start + size]
        found = [self._parameters[name].describe("", decrypt) for name in page]
        more = {"NextToken": _token(start + size)} if start + size < len(names) else {}
        return {"Parameters": found} | more

    def _below(self, path: str, recursive: bool) -> list[str]:
        prefix = path.rstrip("/") + "/"
        names = sorted(self._parameters)
        below = names[bisect_left(names, prefix) : bisect_left(names, prefix + "\U0010ffff")]
        if recursive:
            return below
        return [name for name in below if "/" not in name.removeprefix(prefix)]


def _referred(secrets: SecretsManager, name: str, decrypt: bool) -> dict[str, Any]:
    """A secret as a parameter: its own fields are in SourceResult, and it has no version.

    As in the user guide of Systems Manager, "Referencing Secrets Manager secrets".
    """
    if not decrypt:
        text = "WithDecryption flag must be True for retrieving a Secret Manager secret."
        raise AwsError("ValidationException", text)
    secret_id = name.removeprefix(_REFERENCE)
    try:
        secret = secrets.act("GetSecretValue", {"SecretId": secret_id})
    except AwsError as error:
        text = (
            f"An error occurred ({error.kind}) when referencing Secrets Manager: {name} not found"
        )
        raise AwsError("ParameterNotFound", text) from error
    return {
        "ARN": secret["ARN"],
        "LastModifiedDate": secret["CreatedDate"],
        "Name": name,
        "SourceResult": json.dumps(secret),
        "Type": "SecureString",
        "Value": secret.get("SecretString"),  # null for a binary one
        "Version": 0,
    }


def _page_size(size: int) -> int:
    if not 1 <= size <= PAGE:
        bound = "greater than or equal to 1" if size < 1 else f"less than or equal to {PAGE}"
        raise constraint(f"'{size}'", "maxResults", f"Member must have value {bound}")
    return size


def _token(offset: int) -> str:
    # Never the same one twice: the SDK takes that for a service that goes round in circles.
    return base64.b64encode(f"{uuid.uuid4()} {offset}".encode()).decode()


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.b64decode(token, validate=True).split()[-1])
    except (ValueError, IndexError):
        raise AwsError("InvalidNextToken", "The specified token isn't valid.") from None
