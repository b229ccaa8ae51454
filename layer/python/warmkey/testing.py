"""Secrets for the tests of a handler: an endpoint of the test's own, without the layer or AWS.

    from warmkey.testing import secrets

    def test_a_rotated_key_is_used():
        with secrets({"stripeSecretKey": "sk_test_1"}) as held:
            handler(event, None)
            held["stripeSecretKey"] = "sk_test_2"
            handler(event, None)

It is HTTP on loopback, so code in any language that this process starts reads it too. With pytest
the fixture `warmkey_secrets` is there once the package is installed.
"""

import json
import os
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from urllib.parse import unquote, urlsplit

from .endpoint import HOST
from .errors import AccessRefused, SecretNotFound, WarmkeyError

Held = dict[str, str | bytes | WarmkeyError]
"""What is served by alias: text, bytes for a binary secret, or the error that a read raises."""

_TOKEN_HEADER = "X-Aws-Parameters-Secrets-Token"  # noqa: S105 - its name
_STATUS = {AccessRefused: 403, SecretNotFound: 404}


@contextmanager
def secrets(values: Mapping[str, str | bytes | WarmkeyError] | None = None) -> Iterator[Held]:
    """Serve secrets, and point this process's environment at them, for the time of a `with` block.

    Nothing is kept by the client meanwhile, so that a change counts at once.

    Args:
        values: What is served, by alias; nothing at first, where it is left out.

    Yields:
        What is served, to change: an alias that is taken out is not declared any more.
    """
    held: Held = dict(values or {})
    token = token_urlsafe()
    server = ThreadingHTTPServer((HOST, 0), _handler(held, token))
    server.daemon_threads = True
    variables = {"WARMKEY_PORT": str(server.server_address[1]), "WARMKEY_TOKEN": token}
    before = {name: os.environ.get(name) for name in variables}
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    _set_variables(variables)
    try:
        yield held
    finally:
        _set_variables(before)
        server.shutdown()
        serving.join()
        server.server_close()


def _set_variables(values: Mapping[str, str | None]) -> None:
    """Set the environment's variables; None takes one out."""
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _handler(held: Held, token: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            if self.headers.get(_TOKEN_HEADER) != token:
                self._answer(403, *_problem("the token is not the one of `secrets`"))
            elif path == "/v1/secrets":
                self._answer(*_all(held))
            else:
                self._answer(*_secret(held, path.removeprefix("/v1/secrets/")))

        def _answer(self, status: int, body: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "private, max-age=0")
            self.send_header("Age", "0")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: this is somebody's test."""

    return Handler


def _all(held: Held) -> tuple[int, bytes, str]:
    """Every secret, binary ones in base64; an error among them is the answer, as in life."""
    listed: dict[str, str] = {}
    for alias, value in held.items():
        if isinstance(value, WarmkeyError):
            return _refusal(value)
        listed[alias] = b64encode(value).decode() if isinstance(value, bytes) else value
    return 200, json.dumps(listed).encode(), "application/json"


def _secret(held: Held, alias: str) -> tuple[int, bytes, str]:
    value = held.get(alias, SecretNotFound(f"no secret is declared as {alias!r} in this test"))
    if isinstance(value, WarmkeyError):
        return _refusal(value)
    if isinstance(value, bytes):
        return 200, value, "application/octet-stream"
    return 200, value.encode(), "text/plain; charset=utf-8"


def _refusal(error: WarmkeyError) -> tuple[int, bytes, str]:
    return (_STATUS.get(type(error), 502), *_problem(str(error)))


def _problem(detail: str) -> tuple[bytes, str]:
    return json.dumps({"detail": detail}).encode(), "application/problem+json"
