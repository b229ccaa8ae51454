"""Run by the seed once everything is imported: what is found out at a first use is in the snapshot.

A client and a server of TLS talk through memory, so that OpenSSL has fetched its algorithms, and
what signatures of requests are made of is computed once. Nothing of the daemon takes part, and all
objects are dropped again. The seed's random numbers are a fixed sequence meanwhile, and its clock
stands.
"""

from __future__ import annotations

import _hashlib
import _ssl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TLS_1_2, TLS_1_3 = 0x0303, 0x0304
FOLDER = "rehearsal"  # in the seed's working directory; certificates that nobody trusts


def client_context(root: str) -> _ssl._SSLContext:
    """The daemon's."""
    context = _ssl._SSLContext(_ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = _ssl.CERT_REQUIRED
    context.check_hostname = True
    context.minimum_version = TLS_1_2
    context.load_verify_locations(root)
    return context


def server_context(certificate: str, version: int) -> _ssl._SSLContext:
    """A server's of that version of TLS at most."""
    context = _ssl._SSLContext(_ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.maximum_version = version
    return context


def has_shaken_hands(side: Any) -> bool:
    """Go on with the handshake; whether it is over."""
    try:
        side.do_handshake()
    except _ssl.SSLWantReadError:
        return False
    return True


def converse(kind: str, version: int) -> None:
    """Shake hands and exchange a word, with certificates of that kind."""
    to_server, to_client = _ssl.MemoryBIO(), _ssl.MemoryBIO()
    trusting = client_context(f"{FOLDER}/{kind}-root.pem")
    client = trusting._wrap_bio(to_client, to_server, False, "rehearsal.invalid")
    context = server_context(f"{FOLDER}/{kind}-server.pem", version)
    server = context._wrap_bio(to_server, to_client, True)
    while not all([has_shaken_hands(client), has_shaken_hands(server)]):
        pass  # what one has written the other reads
    for writer, reader in ((client, server), (server, client)):
        writer.write(b"word")
        if reader.read(10) != b"word":
            raise ValueError("what was said has not arrived")


for _ in range(2):
    converse("rsa", TLS_1_3)
    converse("ec", TLS_1_3)
converse("rsa", TLS_1_2)
converse("ec", TLS_1_2)
_hashlib.hmac_digest(b"key", b"text", "sha256")
_hashlib.openssl_sha256(b"text").hexdigest()
