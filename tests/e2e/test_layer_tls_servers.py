"""The layer and servers of TLS of other kinds than the one that the build plays a start with."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.bench.start.page_cache import StillCached, evict
from tests.e2e.client_hello import HANDSHAKE, HELLO, ClientHello, parse
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority, Certificate
from tests.fakes.http_service import LOOPBACK
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.patience import PATIENCE

X25519 = 29


@dataclass(frozen=True, slots=True)
class Heard(Certificate):
    """A certificate whose server notes what its clients say first.

    Attributes:
        adapt: Makes the server one of its kind.
        hellos: The first messages, the second ones of a connection among them.
    """

    adapt: Callable[[ssl.SSLContext], None]
    hellos: list[ClientHello] = field(default_factory=list)

    def server_context(self) -> ssl.SSLContext:
        """A context for the server's side."""
        context = Certificate.server_context(self)
        self.adapt(context)

        def note(
            _: object, direction: str, __: object, ___: object, kind: int, data: bytes
        ) -> None:
            if direction == "read" and kind == HELLO and data[:1] == bytes([HELLO]):
                record = bytes([HANDSHAKE, 3, 1]) + len(data).to_bytes(2, "big")
                self.hellos.append(parse(record + data))

        context._msg_callback = note  # type: ignore[attr-defined]
        return context


def _any(_: ssl.SSLContext) -> None:
    """What the fake AWS speaks in all tests."""


def _x25519(context: ssl.SSLContext) -> None:
    try:
        context.set_ecdh_curve("X25519")
    except ssl.SSLError:
        pytest.skip(f"the OpenSSL of this Python, {ssl.OPENSSL_VERSION}, does not set X25519")


def _p256(context: ssl.SSLContext) -> None:
    context.set_ecdh_curve("prime256v1")


def _tls_1_2(context: ssl.SSLContext) -> None:
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE")


KINDS = {"any": (_any, 1), "X25519": (_x25519, 1), "P-256": (_p256, 2), "TLS 1.2": (_tls_1_2, 1)}
"""What a server speaks alone, and how many hellos that takes: a key of another group is one more,
and a round trip."""


def heard(folder: Path, adapt: Callable[[ssl.SSLContext], None]) -> Heard:
    """A server's certificate."""
    issued = Authority(folder).issue()
    return Heard(issued.chain, issued.key, issued.bundle, adapt)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cold_start_gets_its_secret_from_servers_of_every_kind(
    layer: Path, tmp_path: Path, kind: str
) -> None:
    """Also from those that the build did not play a start with."""
    adapt, hellos = KINDS[kind]
    certificate = heard(tmp_path / "authority", adapt)
    with suppress(StillCached):  # where nothing can be dropped, it starts warm
        evict([layer / "extensions/warmkey", layer / "warmkey/warmkey"])
    with FakeAws(certificate) as aws, FakeRuntimeApi() as api:
        aws.parameters.put("/key", "value")
        own = {**aws.environment(), "KEY": "warmkey:/key"}
        with Daemon(layer, api, own) as daemon:
            daemon.wait_until_ready()
            assert daemon.read("KEY") == "value"
            assert daemon.logged("ERROR") == []
        assert (aws.connections, aws.failed_handshakes) == (1, 0)
    assert len(certificate.hellos) == hellos
    assert X25519 in certificate.hellos[0].key_shares


@pytest.mark.parametrize("kind", ["any", "TLS 1.2"])
def test_no_connection_brings_a_ticket(layer: Path, tmp_path: Path, kind: str) -> None:
    """Servers give some, and nothing is resumed: so nobody can have one in common with others."""
    adapt, _ = KINDS[kind]
    certificate = heard(tmp_path / "authority", adapt)
    for _ in range(2):
        with FakeAws(certificate) as aws, FakeRuntimeApi() as api:
            aws.parameters.put("/key", "value")
            own = {**aws.environment(), "KEY": "warmkey:/key"}
            with Daemon(layer, api, own) as daemon:
                daemon.wait_until_ready()
                aws.drop_connections()
                assert daemon.get("/v1/secrets/KEY?refresh=true").text == "value"
    assert len(certificate.hellos) == 4
    assert [hello.ticket for hello in certificate.hellos] == [b""] * 4


@pytest.mark.parametrize("kind", ["any", "TLS 1.2"])
def test_a_ticket_would_be_noticed(tmp_path: Path, kind: str) -> None:
    """Or the test before could not fail."""
    adapt, _ = KINDS[kind]
    certificate = heard(tmp_path / "authority", adapt)
    trusting = ssl.create_default_context(cafile=str(certificate.bundle))
    session: ssl.SSLSession | None = None
    with FakeAws(certificate) as aws:
        for _ in range(2):
            with (
                socket.create_connection((LOOPBACK, aws.port), PATIENCE) as plain,
                trusting.wrap_socket(plain, server_hostname=LOOPBACK, session=session) as secure,
            ):
                secure.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                secure.recv(1)  # a ticket comes before it
                session = secure.session
    assert [bool(hello.ticket) for hello in certificate.hellos] == [False, True]
