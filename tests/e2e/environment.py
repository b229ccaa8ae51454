"""One execution environment of a function with the layer, beside the fake AWS."""

from collections.abc import Mapping
from typing import Any

import requests

from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import LOOPBACK
from tests.integration.raw_client import RawClient
from tests.patience import PATIENCE
from tests.rapid.sandbox import Sandbox


class Environment:
    """A function that runs, and the endpoint that serves it.

    Args:
        function: The function.
        port: The endpoint's port on 127.0.0.1.
        token: A token that opens it.
    """

    def __init__(self, function: Sandbox, port: int, token: str) -> None:
        self.function = function
        self._port = port
        self._token = token

    def invoke(self, event: object = None) -> Any:
        """What the handler returns.

        Raises:
            AssertionError: The invoke failed.
        """
        answer = self.function.invoke(event)
        assert answer.status == 200, self.function.log
        assert not (isinstance(answer.payload, Mapping) and "errorType" in answer.payload), answer
        return answer.payload

    def status(self) -> dict[str, Any]:
        """What the extension says of itself to who has the token."""
        url = f"http://{LOOPBACK}:{self._port}/v1/status"
        headers = {TOKEN_HEADER: self._token}
        answer: dict[str, Any] = requests.get(url, headers=headers, timeout=PATIENCE).json()
        return answer

    def client(self) -> RawClient:
        """A connection to the endpoint from beside the function."""
        return RawClient(self._port)

    def request(self, target: str) -> bytes:
        """The bytes of a GET with the right Host and token."""
        host, token = f"Host: {LOOPBACK}:{self._port}", f"{TOKEN_HEADER}: {self._token}"
        return "\r\n".join([f"GET {target} HTTP/1.1", host, token, "", ""]).encode()
