"""A name server for tests: it knows one name.

    with FakeDns("ssm.example.test", "127.0.0.1") as dns:
        write("/etc/resolv.conf", f"nameserver {dns.address}")
        dns.asked  # ["ssm.example.test"]
        dns.mood = Mood.SILENT

A resolver asks port 53 alone, which only root may listen on; so it takes an address of the
loopback network that no one else uses.
"""

import enum
import os
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Self

_A, _IN = 1, 1
_ANSWER, _FAILURE, _NO_SUCH_NAME = 0x8580, 0x8582, 0x8583  # authoritative, recursion available
_TTL = 60


class Mood(enum.Enum):
    """What comes of a question."""

    HELPFUL = "an answer"
    SILENT = "nothing"
    FAILING = "SERVFAIL"


class FakeDns:
    """One name with one IPv4 address, until the `with` block ends.

    Args:
        name: The name; no other one exists.
        address: Its address.
        mood: What comes of a question at first.

    Attributes:
        address: Where it listens, on port 53.
        asked: The names it was asked for.
        mood: What comes of a question from now on.
    """

    def __init__(self, name: str, address: str, mood: Mood = Mood.HELPFUL) -> None:
        self.mood = mood
        self.asked: list[str] = []
        self._name = name
        self._target = socket.inet_aton(address)

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self.address = _bound(self._socket)
        except OSError:
            self._socket.close()
            raise
        self._thread = threading.Thread(target=self._serve, name="dns")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.sendto(b"", (self.address, 53))  # wakes the thread up to end
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            query, sender = self._socket.recvfrom(512)
            if not query:
                return
            reply = self._reply(query)
            if self.mood is not Mood.SILENT:
                self._socket.sendto(reply, sender)

    def _reply(self, query: bytes) -> bytes:
        """https://www.rfc-editor.org/rfc/rfc1035, section 4."""
        name, end = _name(query, 12)
        (kind,) = struct.unpack_from(">H", query, end)
        question = query[12 : end + 4]
        self.asked.append(name)
        known = name == self._name
        answer = b""
        if known and kind == _A:
            answer = b"\xc0\x0c" + struct.pack(">HHIH", _A, _IN, _TTL, 4) + self._target
        flags = _ANSWER if known else _NO_SUCH_NAME
        if self.mood is Mood.FAILING:
            flags, answer = _FAILURE, b""
        head = query[:2] + struct.pack(">HHHHH", flags, 1, 1 if answer else 0, 0, 0)
        return head + question + answer


def _bound(unbound: socket.socket) -> str:
    """Bind a socket to port 53 of an address that is free, and return that address.

    Raises:
        PermissionError: That takes root.
        AssertionError: No address is free.
    """
    for address in _addresses():
        try:
            unbound.bind((address, 53))
        except PermissionError:
            raise
        except OSError:  # another test listens there
            continue
        return address
    raise AssertionError("port 53 is taken at every address of 127.53.0.0/16")


def _addresses() -> Iterator[str]:
    """Addresses of the loopback network; two processes begin at different ones."""
    for number in range(os.getpid(), os.getpid() + 250 * 250):
        yield f"127.53.{number // 250 % 250}.{number % 250 + 1}"


def _name(message: bytes, at: int) -> tuple[str, int]:
    """A name, and where it ends."""
    labels = []
    while size := message[at]:
        labels.append(message[at + 1 : at + 1 + size].decode("ascii"))
        at += 1 + size
    return ".".join(labels).lower(), at + 1
