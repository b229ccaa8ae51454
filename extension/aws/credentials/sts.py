"""Calls of the Security Token Service, whose protocol is another: forms, and XML.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import ClassVar

from ... import VERSION
from ...declared.credentials import Credentials
from ...http import percent
from ...http.failure import Failed, Kind
from ...http.messages import Request, Response
from ...sources.responses import errors
from .local_service import epoch

NAME = "sts"
_API_VERSION = "2011-06-15"
# What STS sends in these has no markup in it, and credentials no character that XML would escape.
_ELEMENT = re.compile(
    r"<(AccessKeyId|SecretAccessKey|SessionToken|Expiration|Code|Message)>([^<]*)<"
)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_UNUSABLE = Failed(Kind.INVALID, "STS's answer contains no credentials")


@dataclass(frozen=True, slots=True)
class StsCall:
    """One call of STS.

    Attributes:
        action: such as `AssumeRole`.
        role: the ARN of the role that is assumed.
        form: its other parameters, by name.
    """

    service: ClassVar[str] = NAME

    action: str
    role: str
    form: tuple[tuple[str, str], ...] = field(repr=False)

    def request(self, host: str) -> Request:
        """The unsigned request that carries it.

        Args:
            host: the endpoint's host, with its port where that is not the scheme's own.
        """
        parameters = (
            ("Action", self.action),
            ("Version", _API_VERSION),
            ("RoleArn", self.role),
            *self.form,
        )
        body = "&".join(f"{name}={percent.encode(text.encode())}" for name, text in parameters)
        headers = (
            ("Host", host),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("User-Agent", f"warmkey/{VERSION}"),
        )
        return Request("POST", "/", headers, body.encode())


def read(response: Response, role: str) -> Credentials | Failed:
    """The credentials in a response, or why there are none.

    Args:
        response: the response.
        role: the ARN of the role that was to be assumed.
    """
    try:
        found = dict(_ELEMENT.findall(response.body.decode()))
        if response.status == 200:
            return Credentials(
                found["AccessKeyId"],
                found["SecretAccessKey"],
                found["SessionToken"],
                epoch(found["Expiration"]),
            )
    except (KeyError, ValueError):
        if response.status == 200:
            return _UNUSABLE
        found = {}
    if "Code" not in found:
        return errors.read_error(response, None, role)
    reply = {"__type": found["Code"], "message": _unescaped(found.get("Message", ""))}
    return _explained(errors.read_error(response, reply, role), found["Code"], role)


def _explained(failed: Failed, code: str, role: str) -> Failed:
    """A failure with what to do about it, where the services' own hint is none for roles."""
    if failed.kind is Kind.DENIED:
        hint = f"grant sts:AssumeRole on {role} to the function's own role, and "
        own = hint if "sts:AssumeRole " in failed.hint else ""
        return replace(failed, hint=f"{own}let the trust policy of {role} name who runs here")
    if code == "InvalidIdentityToken":
        hint = "look at AWS_WEB_IDENTITY_TOKEN_FILE, and at the account's OpenID Connect provider"
        return replace(failed, hint=hint)
    if code == "RegionDisabledException":
        return replace(failed, hint="activate STS in this region, in the role's account")
    return failed


def _unescaped(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
