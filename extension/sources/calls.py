"""Calls of AWS's JSON protocol.

https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .. import VERSION
from ..http import json_text
from ..http.messages import Request


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one action.

    Attributes:
        service: the service's name, such as `ssm`.
        target: its name in the header `X-Amz-Target`, such as `AmazonSSM`.
        action: such as `GetParameters`.
        body: its JSON.
    """

    service: str
    target: str
    action: str
    body: bytes

    @staticmethod
    def of(service: str, target: str, action: str, body: Mapping[str, object]) -> Call:
        """A call with a body that is not JSON yet."""
        return Call(service, target, action, json_text.encode(body).encode())

    def request(self, host: str) -> Request:
        """The unsigned request that carries it.

        Args:
            host: the endpoint's host, with its port where that is not the scheme's own.
        """
        headers = (
            ("Host", host),
            ("Content-Type", "application/x-amz-json-1.1"),
            ("X-Amz-Target", f"{self.target}.{self.action}"),
            ("User-Agent", f"warmkey/{VERSION}"),
        )
        return Request("POST", "/", headers, self.body)
