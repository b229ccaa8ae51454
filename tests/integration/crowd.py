"""Clients without the endpoint's token, many at once, that want all of its connections.

with Crowd(daemon, PINGING):
    daemon.read("KEY")
"""

import resource
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import LOOPBACK
from tests.integration.raw_client import RawClient
from tests.patience import PATIENCE

SIZE = 512
_PERIOD = 0.5  # seconds from one round to the next, in which each client does its part
_HOST = f"Host: {LOOPBACK}\r\n"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What each client does.

    Attributes:
        first: What it sends once it is connected.
        again: What it sends every half a second.
        narrow: Whether it takes nothing of what it is sent, and has little room for it.
    """

    first: bytes = b""
    again: bytes = b""
    narrow: bool = False


_PING = f"GET /ping HTTP/1.1\r\n{_HOST}\r\n".encode()
_GUESS = f"GET /v1/secrets/KEY HTTP/1.1\r\n{_HOST}{TOKEN_HEADER}: wrong\r\n\r\n".encode()
_STATUS = f"GET /v1/status HTTP/1.1\r\n{_HOST}\r\n".encode()
_SLOW_BODY = (
    f"GET /secretsmanager/get?secretId=x HTTP/1.1\r\n{_HOST}Content-Length: 8000\r\n\r\n".encode()
)
BEHAVIOURS: Mapping[str, Behaviour] = MappingProxyType(
    {
        "idle": Behaviour(),
        "pinging twice a second": Behaviour(_PING, _PING),
        "a wrong token, twice a second": Behaviour(_GUESS, _GUESS),
        "half a head": Behaviour(_PING[:-2]),
        "half a head, byte by byte": Behaviour(_PING[:-2], b"x"),
        "a body, byte by byte": Behaviour(_SLOW_BODY, b"x"),
        "not reading": Behaviour(_STATUS * 64, narrow=True),
        "200 requests ahead, not reading": Behaviour(_PING * 200, narrow=True),
    }
)


class Crowd:
    """So many clients, each of which connects again when it was sent away.

    Args:
        port: The endpoint's port.
        behaviour: What each of them does.
        size: How many they are.
    """

    def __init__(self, port: int, behaviour: Behaviour, size: int = SIZE) -> None:
        self._port = port
        self._behaviour = behaviour
        self._size = size
        self._clients: list[RawClient] = []
        self._leaves = threading.Event()
        self._thread = threading.Thread(target=self._go_on)
        self._failure: Exception | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            limits = resource.getrlimit(resource.RLIMIT_NOFILE)
            stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, limits)
            resource.setrlimit(resource.RLIMIT_NOFILE, (limits[1], limits[1]))
            stack.callback(self._close)
            self._clients = [self._come() for _ in range(self._size)]
            self._thread.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._leaves.set()
        self._thread.join(PATIENCE)
        self._stack.close()
        if kind is None:
            assert self._failure is None, f"the crowd was no crowd: {self._failure!r}"

    def _come(self) -> RawClient:
        client = RawClient(self._port, narrow=self._behaviour.narrow)
        with suppress(ConnectionError):  # it was sent away already
            client.send(self._behaviour.first)
        return client

    def _go_on(self) -> None:
        try:
            while not self._leaves.is_set():
                ends = time.monotonic() + _PERIOD
                self._clients = [self._go_on_with(client) for client in self._clients]
                self._leaves.wait(ends - time.monotonic())
        except Exception as failure:
            self._failure = failure

    def _go_on_with(self, client: RawClient) -> RawClient:
        try:
            if client.has_ended(take=not self._behaviour.narrow):
                raise ConnectionError
            client.send(self._behaviour.again)
        except ConnectionError:
            client.close()
            return self._come()
        return client

    def _close(self) -> None:
        for client in self._clients:
            client.close()
