"""The first message of a TLS client, as far as it is made up.

https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2
"""

from typing import NamedTuple

HANDSHAKE, HELLO = 22, 1
SESSION_TICKET, PRE_SHARED_KEY, KEY_SHARE = 35, 41, 51


class ClientHello(NamedTuple):
    """What must not repeat from one connection to another.

    Attributes:
        random: The client's random number.
        session_id: The legacy session id.
        key_shares: Public keys, by the number of their group.
        ticket: What it brings of an earlier session, by a ticket or as a pre-shared key.
    """

    random: bytes
    session_id: bytes
    key_shares: dict[int, bytes]
    ticket: bytes


class Cursor:
    """Reads numbers and vectors, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __bool__(self) -> bool:
        return bool(self._data)

    def take(self, size: int) -> bytes:
        """So many bytes.

        Raises:
            EOFError: There are fewer.
        """
        if len(self._data) < size:
            raise EOFError
        taken, self._data = self._data[:size], self._data[size:]
        return taken

    def number(self, size: int) -> int:
        """A number of so many bytes."""
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> bytes:
        """What comes behind its length, a number of so many bytes."""
        return self.take(self.number(size))


def parse(data: bytes) -> ClientHello:
    """The hello at the beginning of what a client has sent.

    Raises:
        EOFError: It is not whole.
        ValueError: It is something else.
    """
    record = Cursor(data)
    kind, _ = record.number(1), record.number(2)
    message = Cursor(record.vector(2))
    if kind != HANDSHAKE or message.number(1) != HELLO:
        raise ValueError(data)
    hello = Cursor(message.vector(3))
    hello.number(2)
    random, session_id = hello.take(32), hello.vector(1)
    hello.vector(2)
    hello.vector(1)
    extensions, shares, ticket = Cursor(hello.vector(2)), {}, b""
    while extensions:
        number, content = extensions.number(2), extensions.vector(2)
        if number in (SESSION_TICKET, PRE_SHARED_KEY):
            ticket += content
        if number == KEY_SHARE:
            offered = Cursor(Cursor(content).vector(2))
            while offered:
                group = offered.number(2)
                shares[group] = offered.vector(2)
    return ClientHello(random, session_id, shares, ticket)
