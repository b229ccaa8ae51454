"""A port that leads to another one while a `with` block lasts, and refuses everyone else."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from tests.fakes.http_service import LOOPBACK


class Relay:
    """Connects whoever comes to a port of the loopback network with a port of 127.0.0.1.

    Args:
        port: Where to listen; a `ReservedPort`, so that nobody takes it while nothing is relayed.
        target: The other port.
        address: Where to listen.
    """

    def __init__(self, port: int, target: int, address: str = LOOPBACK) -> None:
        self._address = address
        self._port = port
        self._target = target
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server((self._address, self._port))
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._threads[0].join()
        self._listener.close()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()
        for end in self._ends:
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection((LOOPBACK, self._target))
                self._ends += near, far
                self._start(_pump, near, far)
                self._start(_pump, far, near)

    def _start(self, job: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=job, args=arguments, name=f"relay:{self._port}")
        self._threads.append(thread)
        thread.start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
