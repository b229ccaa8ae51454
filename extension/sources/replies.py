"""Answers of SSM Parameter Store and Secrets Manager, read as outcomes.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any

from ..http import json_text
from ..http.failure import Failed
from ..http.messages import Response
from . import errors
from .outcome import Found, Outcome
from .source import Parameter, Secret, Source

UNEXPECTED = Failed("broken", "the service's answer is not the JSON that was expected")
_YEAR_10000 = 253_402_300_800  # seconds since the epoch; no date goes so far


def read_parameters(
    response: Response, parameters: Iterable[Parameter]
) -> Mapping[Source, Outcome] | Failed:
    """Read the answer to `get_parameters`.

    Replies come in any order, so they are matched by name and selector.

    Returns:
        The outcome of each parameter that the answer speaks of, or why the whole call failed.
    """
    reply = read_reply(response, "each of the parameters")
    if isinstance(reply, Failed):
        return reply
    try:
        # An emulator may send null for an empty list.
        found = _by_name_and_selector(reply.get("Parameters") or ())
        invalid = set(reply.get("InvalidParameters") or ())
    except (KeyError, TypeError, ValueError):
        return UNEXPECTED
    outcomes: dict[Source, Outcome] = {}
    for parameter in parameters:
        selector = f":{parameter.selector}" if parameter.selector else ""
        if (parameter.name, selector) in found:
            outcomes[parameter] = found[parameter.name, selector]
        elif parameter.wire_name in invalid:
            outcomes[parameter] = errors.missing(parameter)
    return outcomes


def read(response: Response, source: Parameter | Secret) -> Found | Failed:
    """Read the answer to `get`."""
    reply = read_reply(response, source.name)
    try:
        match reply:
            case Failed(kind="missing"):
                return errors.missing(source)
            case Failed():
                return reply
            case {"Parameter": item}:
                return _asked_for(source, read_parameter(item))
            case {"SecretString": _} | {"SecretBinary": _}:
                return _asked_for(source, read_secret(reply))
    except (KeyError, TypeError, ValueError):
        pass
    return UNEXPECTED


def _asked_for(source: Parameter | Secret, found: Found) -> Found | Failed:
    """The value, if it is of the name or ARN that was asked for: else it answers another call."""
    if source.name in (found.name, found.arn):
        return found
    answered = found.name.partition(":")[0]  # a selector may follow
    if answered.lstrip("/") in (name.lstrip("/") for name in _names(source)):
        return found
    return Failed("broken", f"{source.name} was asked for, and {found.name} was answered")


def _names(source: Parameter | Secret) -> tuple[str, ...]:
    """What a value may be called that is asked for by name or ARN.

    An ARN ends with the name: a parameter's lacks a slash at its beginning, a secret's mostly has a
    hyphen and six characters at its end. An emulator may take an ARN of any account.
    """
    if source.service == "ssm":
        return (source.name.rpartition(":parameter/")[2],)
    _, is_arn, name = source.name.rpartition(":secret:")
    return (name, name[:-7]) if is_arn else (name,)


def read_reply(response: Response, name: str) -> dict[str, Any] | Failed:
    """The JSON of an answer, or why there is none.

    Args:
        response: the answer.
        name: what was asked for.
    """
    try:
        reply = json_text.decode(response.body.decode())
    except ValueError:
        reply = None
    if response.status != 200:
        return errors.read_error(response, reply if isinstance(reply, dict) else None, name)
    return reply if isinstance(reply, dict) else UNEXPECTED


def _by_name_and_selector(items: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Found]:
    """Every name and selector that an item answers to.

    An emulator may leave the selector out: then the item answers to its version's number, and
    the highest version to no selector at all.
    """
    found: dict[tuple[str, str], Found] = {}
    for item in sorted(items, key=lambda item: -item["Version"]):
        value = read_parameter(item)
        for name in (value.name, value.arn):
            for selector in (value.selector, f":{value.version}"):
                found.setdefault((name, selector), value)
    return found


def read_parameter(item: Mapping[str, Any]) -> Found:
    """A parameter as SSM sends it.

    Raises:
        KeyError, TypeError, ValueError: it is not one.
    """
    return _checked(
        Found(
            name=item["Name"],
            value=item["Value"],
            version=f"{item['Version']:d}",  # and nothing but a whole number
            type=item["Type"],
            arn=item.get("ARN") or "",
            modified=item.get("LastModifiedDate") or 0,
            selector=item.get("Selector") or "",
            data_type=item.get("DataType") or "",
            source_result=item.get("SourceResult"),
        )
    )


def read_secret(reply: Mapping[str, Any]) -> Found:
    """A secret as Secrets Manager sends it.

    Raises:
        KeyError, TypeError, ValueError: it is not one.
    """
    name = reply["Name"]
    value = reply.get("SecretString")
    if value is None:
        value = b64decode(reply["SecretBinary"], validate=True)
    return _checked(
        Found(
            name=name,
            value=value,
            version=reply.get("VersionId") or "",
            type="SecretString" if isinstance(value, str) else "SecretBinary",
            arn=reply.get("ARN") or "",
            modified=reply.get("CreatedDate") or 0,
            stages=tuple(reply.get("VersionStages") or ()),
        )
    )


def _checked(found: Found) -> Found:
    """The value, if its fields have the types that they are declared to have.

    Raises:
        TypeError: the answer had something else in their places.
        ValueError: a text contains half a surrogate pair, so that nothing can answer it as UTF-8.
    """
    facts = (found.name, found.version, found.type, found.arn, found.selector, found.data_type)
    texts = (*facts, found.source_result or "", *found.stages)
    if not (
        isinstance(found.modified, int | float)
        and 0 <= found.modified < _YEAR_10000
        and isinstance(found.value, str | bytes)
        and all(isinstance(text, str) for text in texts)
    ):
        raise TypeError("neither a parameter nor a secret")
    "".join((*texts, "" if isinstance(found.value, bytes) else found.value)).encode()
    return found
