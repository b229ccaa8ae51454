"""The API of AWS's Parameters and Secrets extension: the same paths, parameters and bodies.

So that a function which swaps the layer changes no code.
https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ...cache.entry import Entry
from ...declared.environment.variables import BOOLEANS
from ...http import json_text
from ...http.messages import Response
from ...sources.parameter import Parameter
from ...sources.responses.outcome import Found
from ...sources.route import ROLE_FORM, is_role
from ...sources.secretsmanager import Secret
from ...sources.source import Source
from ..responses.problem import malformed
from ..responses.representation import base64, cache_headers, iso8601

Pairs = Sequence[tuple[str, str]]

PARAMETERS = "/systemsmanager/parameters/get"
SECRETS = "/secretsmanager/get"
STAGE = "versionStage"


@dataclass(frozen=True, slots=True)
class ReadSource:
    """Read a parameter or a secret by its name upstream.

    Attributes:
        source: what to read.
        refresh: from upstream, whatever is held.
        if_none_match: the ETags that the client holds; maybe empty.
        keep_alive: whether the connection lives on.
    """

    authenticated: ClassVar[bool] = True
    source: Source
    refresh: bool
    if_none_match: str
    keep_alive: bool


def is_aws_path(path: str) -> bool:
    """Whether a path is one of that API's."""
    return _simple(path) in (PARAMETERS, SECRETS)


def is_asked(head: bytes) -> bool:
    """Whether a request, be it malformed or not complete, is for one of them.

    Args:
        head: its head, or as much of it as there is.
    """
    target = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")[2].partition(" ")[0]
    if not target.startswith("/"):  # in absolute form
        target = f"/{target.partition('://')[2].partition('/')[2]}"
    return is_aws_path(target.partition("?")[0])


def _simple(path: str) -> str:
    """A path without a slash at its end, and with one for several."""
    while "//" in path:
        path = path.replace("//", "/")
    return path.removesuffix("/")


def query(path: str, pairs: Pairs, if_none_match: str, *, keep_alive: bool) -> ReadSource:
    """The query of a request; parameters that nobody knows are ignored.

    Args:
        path: the path of its target.
        pairs: the decoded parameters, in their order.
        if_none_match: the header of that name; maybe empty.
        keep_alive: whether its connection lives on.

    Raises:
        Refused: what it must name is missing, or a boolean is none.
    """
    if _simple(path) == PARAMETERS:
        return ReadSource(_parameter(pairs), False, if_none_match, keep_alive)
    name, version = _required(pairs, "secretId"), _first(pairs, "versionId")
    secret = Secret(name, version, _first(pairs, STAGE), _role(pairs))
    return ReadSource(secret, _boolean(pairs, "refreshNow"), if_none_match, keep_alive)


def represent(source: Source, found: Found, entry: Entry, now: float) -> Response:
    """The response to a query: what the service said, as the SDK for Go writes it.

    Args:
        source: what was asked for.
        found: what it holds.
        entry: what the cache holds of it.
        now: the time, in seconds since the epoch.
    """
    body = _parameter_body(source, found) if isinstance(source, Parameter) else _secret_body(found)
    headers = (
        ("Content-Type", "application/json"),
        *cache_headers(entry, now),
    )
    return Response(200, headers, json_text.encode(body).encode())


def _parameter(pairs: Pairs) -> Parameter:
    name = _required(pairs, "name")
    selector = next((value for key, value in pairs if key in ("version", "label") and value), "")
    start = name.find("parameter/") if name.startswith("arn:") else 0
    plain, _, own_selector = name[start:].partition(":")
    if own_selector and not selector:  # `name:3` is the same parameter as name and version
        name, selector = name[:start] + plain, own_selector
    return Parameter(name, selector, _boolean(pairs, "withDecryption"), _role(pairs))


def _role(pairs: Pairs) -> str:
    """Whose permissions read it, as AWS's own agent takes it; absent means our own."""
    role = _first(pairs, "roleArn")
    if role and not is_role(role):
        raise malformed(f"roleArn is {role[:64]!r}; it must be of the form {ROLE_FORM}")
    return role


def _first(pairs: Pairs, name: str) -> str:
    return next((value for key, value in pairs if key == name), "")


def _required(pairs: Pairs, name: str) -> str:
    value = _first(pairs, name)
    if not value:
        raise malformed(f"the parameter {name} is missing")
    return value


def _boolean(pairs: Pairs, name: str) -> bool:
    """A boolean; absent means false."""
    text = _first(pairs, name).lower() or "false"
    if text not in BOOLEANS:
        raise malformed(f"{name} is {text[:32]!r}; it must be true or false")
    return BOOLEANS[text]


def _parameter_body(source: Parameter, found: Found) -> dict[str, object]:
    asked = f":{source.selector}" if source.selector else None
    parameter = {
        "ARN": found.arn or None,
        "DataType": found.data_type or None,
        "LastModifiedDate": _date(found),
        "Name": found.name,
        "Selector": found.selector or asked,  # an emulator may leave it out
        "SourceResult": found.source_result,
        "Type": found.type,
        "Value": found.value if isinstance(found.value, str) else None,
        "Version": int(found.version),
    }
    return {"Parameter": parameter, "ResultMetadata": {}}


def _secret_body(found: Found) -> dict[str, object]:
    return {
        "ARN": found.arn or None,
        "CreatedDate": _date(found),
        "Name": found.name,
        "SecretBinary": base64(found.value) if isinstance(found.value, bytes) else None,
        "SecretString": found.value if isinstance(found.value, str) else None,
        "VersionId": found.version or None,
        "VersionStages": list(found.stages) or None,
        "ResultMetadata": {},
    }


def _date(found: Found) -> str | None:
    return iso8601(found.modified) if found.modified else None
