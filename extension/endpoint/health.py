"""The health address: `/ping` for whoever probes from outside of the container, and nothing else.

The endpoint itself is on loopback alone, where the kubelet or a load balancer can't reach it. What
is here may be reached by anybody, so it knows no secret, name or token, and is asked one thing.
"""

from __future__ import annotations

from collections.abc import Callable

from ..http.messages import MalformedMessage, Response, build_response, parse_request
from .responses.problem import Problem
from .server.client_connection import Admit, Respond

MOST = 32
"""Connections that are served at once; each ends with its response."""


class HealthEndpoint:
    """Answers probes.

    Args:
        is_ready: whether the prefetch is over, whatever it has brought, and no shutdown has begun.
    """

    __slots__ = ("_is_ready",)

    def __init__(self, is_ready: Callable[[], bool]) -> None:
        self._is_ready = is_ready

    def handle(self, head: bytes, respond: Respond, _admit: Admit) -> None:
        """Respond to a request; see `ClientConnection`."""
        respond(self._response(head), False)

    def refuse(self, _head: bytes, problem: Problem, respond: Respond) -> None:
        """Respond to what did not become a request; likewise."""
        respond(_response(problem.status, problem.detail), False)

    def _response(self, head: bytes) -> bytes:
        try:
            request = parse_request(head)
        except MalformedMessage as error:
            return _response(400, str(error))
        if request.target.partition("?")[0] != "/ping":
            return _response(404, "there is /ping alone")
        if request.method != "GET":
            return _response(405, "only GET is allowed", ("Allow", "GET"))
        return _response(200, "healthy") if self._is_ready() else _response(503, "not ready")


def _response(status: int, text: str, *headers: tuple[str, str]) -> bytes:
    usual = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Connection", "close"),
    )
    return build_response(Response(status, (*usual, *headers), text.encode()))
