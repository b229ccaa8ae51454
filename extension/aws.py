"""SSM Parameter Store and Secrets Manager as values: calls to send, outcomes to receive.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
"""

from __future__ import annotations

from . import VERSION, aws_errors, json_text
from .http1 import Request, Response
from .outcome import Failed, Found
from .reference import Parameter, Secret
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from .outcome import Outcome
    from .reference import Source

LARGEST_BATCH = 10  # names in one GetParameters call
_UNEXPECTED = Failed("broken", "the service's answer is not the JSON that was expected")
_TARGETS = {"ssm": "AmazonSSM", "secretsmanager": "secretsmanager"}


class Call(Value):
    """One call of one action.

    Attributes:
        service: `ssm` or `secretsmanager`.
        action: such as `GetParameters`.
        body: its JSON.
    """

    service: str
    action: str
    body: bytes


def get_parameters(parameters: Sequence[Parameter]) -> Call:
    """The call that reads up to `LARGEST_BATCH` parameters."""
    names = [parameter.wire_name for parameter in parameters]
    return _call("ssm", "GetParameters", {"Names": names, "WithDecryption": True})


def get(source: Source) -> Call:
    """The call that reads one parameter or secret."""
    match source:
        case Parameter():
            name = source.wire_name
            return _call("ssm", "GetParameter", {"Name": name, "WithDecryption": True})
        case Secret():
            asked = {
                "SecretId": source.name,
                "VersionId": source.version_id,
                "VersionStage": source.version_stage,
            }
            present = {key: value for key, value in asked.items() if value}
            return _call("secretsmanager", "GetSecretValue", present)


def request(call: Call, host: str) -> Request:
    """The unsigned request that carries a call.

    Args:
        call: the call.
        host: the endpoint's host, with its port where that is not the scheme's own.
    """
    headers = (
        ("Host", host),
        ("Content-Type", "application/x-amz-json-1.1"),
        ("X-Amz-Target", f"{_TARGETS[call.service]}.{call.action}"),
        ("User-Agent", f"warmkey/{VERSION}"),
    )
    return Request("POST", "/", headers, call.body)


def read_parameters(
    response: Response, parameters: Iterable[Parameter]
) -> Mapping[Parameter, Outcome] | Failed:
    """Read the answer to `get_parameters`.

    Replies come in any order, so they are matched by name and selector.

    Returns:
        The outcome of each parameter that the answer speaks of, or why the whole call failed.
    """
    reply = _reply(response, "each of the parameters")
    if isinstance(reply, Failed):
        return reply
    try:
        # An emulator may send null for an empty list.
        found = _by_name_and_selector(reply.get("Parameters") or ())
        invalid = set(reply.get("InvalidParameters") or ())
    except (KeyError, TypeError, ValueError):
        return _UNEXPECTED
    outcomes: dict[Parameter, Outcome] = {}
    for parameter in parameters:
        selector = f":{parameter.selector}" if parameter.selector else ""
        if (parameter.name, selector) in found:
            outcomes[parameter] = found[parameter.name, selector]
        elif parameter.wire_name in invalid:
            outcomes[parameter] = aws_errors.missing(parameter)
    return outcomes


def read(response: Response, source: Source) -> Outcome:
    """Read the answer to `get`."""
    reply = _reply(response, source.name)
    try:
        match reply:
            case Failed(kind="missing"):
                return aws_errors.missing(source)
            case Failed():
                return reply
            case {"Parameter": item}:
                return _parameter(item)
            case {"SecretString": _} | {"SecretBinary": _}:
                return _secret(reply)
    except (KeyError, TypeError, ValueError):
        pass
    return _UNEXPECTED


def _call(service: str, action: str, body: Mapping[str, object]) -> Call:
    return Call(service, action, json_text.encode(body).encode())


def _reply(response: Response, name: str) -> dict[str, Any] | Failed:
    try:
        reply = json_text.decode(response.body.decode())
    except ValueError:
        reply = None
    if response.status != 200:
        error = reply if isinstance(reply, dict) else {}
        return aws_errors.read_error(response.status, error, name)
    return reply if isinstance(reply, dict) else _UNEXPECTED


def _by_name_and_selector(items: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Found]:
    """Every name and selector that an item answers to.

    An emulator may leave the selector out: then the item answers to its version's number, and
    the highest version to no selector at all.
    """
    found: dict[tuple[str, str], Found] = {}
    for item in sorted(items, key=lambda item: -item["Version"]):
        value = _parameter(item)
        for name in (value.name, value.arn):
            for selector in (item.get("Selector") or "", f":{value.version}"):
                found.setdefault((name, selector), value)
    return found


def _parameter(item: Mapping[str, Any]) -> Found:
    return _checked(
        Found(
            name=item["Name"],
            value=item["Value"],
            version=str(item["Version"]),
            type=item["Type"],
            arn=item.get("ARN", ""),
            modified=item.get("LastModifiedDate", 0),
        )
    )


def _secret(reply: Mapping[str, Any]) -> Found:
    value = reply.get("SecretString")
    if value is None:
        from binascii import a2b_base64  # only binary secrets need it

        value = a2b_base64(reply["SecretBinary"])
    return _checked(
        Found(
            name=reply["Name"],
            value=value,
            version=reply.get("VersionId", ""),
            type="SecretString" if isinstance(value, str) else "SecretBinary",
            arn=reply.get("ARN", ""),
            modified=reply.get("CreatedDate", 0),
        )
    )


def _checked(found: Found) -> Found:
    """The value, if its fields have the types that they are declared to have.

    Raises:
        TypeError: the answer had something else in their places.
    """
    texts = (found.name, found.version, found.type, found.arn)
    if not (
        isinstance(found.value, str | bytes)
        and isinstance(found.modified, int | float)
        and all(isinstance(text, str) for text in texts)
    ):
        raise TypeError("neither a parameter nor a secret")
    return found
