"""A fake of the extension's local endpoint, for tests of the thin clients.

    with FakeEndpoint() as endpoint:
        endpoint.serve("STRIPE_SECRET_KEY", "sk_test_1", max_age=300)
        Client(endpoint.environ).get("STRIPE_SECRET_KEY")
        endpoint.requests[0].target  # "/v1/secrets/STRIPE_SECRET_KEY"

The real one is described in `docs/reference/endpoint.md`.

It answers what it was told to, with 304 where the entity tag matches, 404 for what it was not told,
and 403 to a wrong token. It keeps no time of its own.
"""

import json
import urllib.parse
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from tests.closing import Closing
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import Delivery, HttpService, Request, Response
from tests.rapid.ports import ReservedPort


class FakeEndpoint(Closing):
    """The endpoint, until the `with` block ends.

    Attributes:
        requests: What was asked, in order of arrival.
        environ: The environment of a process that may ask.
        before_answering: Called on the connection's thread before each answer.
    """

    def __init__(self, token: str = "token-of-the-session") -> None:
        self.requests: list[Request] = []
        self.before_answering: Callable[[], object] = lambda: None
        self._token = token
        self._answers: dict[str, Response] = {}
        self._broken: deque[Delivery] = deque()
        self._reserved = ReservedPort()
        self._service = HttpService(self._respond, port=self.port)
        self.environ = {"WARMKEY_PORT": str(self.port), "AWS_SESSION_TOKEN": token}

    def __exit__(self, *_: object) -> None:
        self.close()
        self._reserved.close()

    def close(self) -> None:
        """Stop listening, and close every connection; until the end nobody else gets the port."""
        self._service.close()

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return self._reserved.number

    @property
    def connections(self) -> int:
        """How many connections were opened so far."""
        return self._service.connections

    def serve(
        self,
        alias: str,
        value: str | bytes,
        *,
        version: int = 1,
        age: int = 0,
        max_age: int = 300,
        state: str = "fresh",
    ) -> None:
        """Answer a value: a text, or a binary one, with the headers that the extension sends."""
        binary = isinstance(value, bytes)
        self.answer(
            f"/v1/secrets/{alias}",
            Response(
                200,
                value if isinstance(value, bytes) else value.encode(),
                "application/octet-stream" if binary else "text/plain; charset=utf-8",
                (
                    ("ETag", f'"{version}"'),
                    ("Age", str(age)),
                    ("Cache-Control", f"private, max-age={max_age}"),
                    ("Warmkey-State", state),
                ),
            ),
        )

    def refuse(self, alias: str, status: int, **members: object) -> None:
        """Answer a problem document (RFC 9457) with these members."""
        body = json.dumps({"type": "about:blank", "status": status, **members}).encode()
        self.answer(f"/v1/secrets/{alias}", Response(status, body, "application/problem+json"))

    def answer(self, path: str, response: Response) -> None:
        """Answer this to a path, given as it is before percent-encoding."""
        self._answers[path] = response

    def break_next(self, *deliveries: Delivery) -> None:
        """Deliver the next answers so, one each; those after them whole again."""
        self._broken.extend(deliveries)

    def drop_connections(self) -> None:
        """Close the connections that are open, as a restarted extension does."""
        self._service.drop_connections()

    def _respond(self, request: Request) -> Response:
        self.requests.append(request)
        self.before_answering()
        response = self._answer(request)
        return replace(response, delivery=self._broken.popleft()) if self._broken else response

    def _answer(self, request: Request) -> Response:
        if request.headers.get(TOKEN_HEADER) != self._token:
            return Response(403, b'{"title": "Forbidden"}', "application/problem+json")
        response = self._answers.get(urllib.parse.unquote(request.target))
        if response is None:
            return Response(404, b'{"title": "Not Found"}', "application/problem+json")
        if request.headers.get("If-None-Match") == dict(response.headers).get("ETag", ""):
            return replace(response, status=304, body=b"")
        return response
