"""Calls to SSM Parameter Store and Secrets Manager; `replies` reads the answers.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .. import VERSION
from ..http import json_text
from ..http.messages import Request
from .source import Parameter, Secret

LARGEST_BATCH = 10  # names in one GetParameters call
LARGEST_SECRET_BATCH = 20  # names in one BatchGetSecretValue call
_TARGETS = {"ssm": "AmazonSSM", "secretsmanager": "secretsmanager"}


@dataclass(frozen=True, slots=True)
class Call:
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
    return make_call("ssm", "GetParameters", {"Names": names, "WithDecryption": True})


def get(source: Parameter | Secret) -> Call:
    """The call that reads one parameter or secret."""
    match source:
        case Parameter():
            body = {"Name": source.wire_name, "WithDecryption": source.decrypt}
            return make_call("ssm", "GetParameter", body)
        case Secret():
            asked = {
                "SecretId": source.name,
                "VersionId": source.version_id,
                "VersionStage": source.version_stage,
            }
            present = {key: value for key, value in asked.items() if value}
            return make_call("secretsmanager", "GetSecretValue", present)


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


def make_call(service: str, action: str, body: Mapping[str, object]) -> Call:
    """A call with a body."""
    return Call(service, action, json_text.encode(body).encode())
