"""Run by the layer's Python: shake hands with servers, `[[port, bundle, name], …]` on its input.

Writes `[cipher or error, …]` as JSON; without servers, the names of the ciphers that it offers.
"""

import json
import socket
import ssl
import sys


def context() -> ssl.SSLContext:
    """As the daemon's."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def outcome(port: int, bundle: str, name: str) -> str:
    """The cipher that was agreed on, or why there is none."""
    client = context()
    client.load_verify_locations(bundle)
    with socket.create_connection(("127.0.0.1", port)) as plain:
        try:
            with client.wrap_socket(plain, server_hostname=name) as connection:
                connection.sendall(b"word")
                agreed = connection.cipher()
                return agreed[0] if agreed and connection.recv(4) == b"word" else "no word"
        except OSError as error:
            return str(error)


servers = json.load(sys.stdin)
offered = [cipher["name"] for cipher in context().get_ciphers()]
json.dump([outcome(*server) for server in servers] or offered, sys.stdout)
