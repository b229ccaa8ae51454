"""A server that sends what it is told to, byte for byte."""

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


@contextmanager
def raw_server(*answers: Iterable[bytes]) -> Iterator[dict[str, str]]:
    """A server that sends its first client these answers, piece by piece: its variables."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:  # nobody came
                return
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for pieces in answers:
                    connection.recv(65536)
                    for piece in pieces:
                        connection.sendall(piece)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield {"WARMKEY_PORT": str(listener.getsockname()[1])}
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
            thread.join()
