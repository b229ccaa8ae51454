"""With whom TLS is spoken, and how: real servers that offer one thing each."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from extension.http.address import Address
from extension.http.client.connection import Connection
from extension.http.client.trust_store import TrustStore
from extension.http.failure import Failed, Kind, UpstreamError
from extension.http.messages import Request
from tests.fakes.certificates import Authority, Certificate
from tests.fakes.http_service import LOOPBACK, HttpService, Response
from tests.integration.known_lookup import KnownLookup, target
from tests.patience import PATIENCE

HOST = "ssm.example.test"
ANY_ROOT = TrustStore([None])
SHORT = 0.2  # seconds: for what never comes


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that is trusted."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def rsa_certificate(authority: Authority) -> Certificate:
    """One with a key of the older kind."""
    return authority.issue_with(rsa.generate_private_key(65537, 2048), HOST)


def spoken_with(
    certificate: Certificate, context: ssl.SSLContext | None = None, host: str = HOST
) -> tuple[str, str] | Failed:
    """The version and the cipher that are agreed on with a server, or why there are none."""
    with (
        HttpService(lambda _: Response(200), context or certificate.server_context()) as service,
        closing(
            Connection(Address(host, service.port, True), TrustStore([str(certificate.bundle)]))
        ) as connection,
    ):
        connection._connector._lookup = KnownLookup([target(LOOPBACK, service.port)])
        try:
            connection.send(Request("GET", "/", (("Host", host),)), time.monotonic() + PATIENCE)
            assert connection.receive(time.monotonic() + PATIENCE).status == 200
        except UpstreamError as error:
            return error.failed
        assert connection._channel is not None
        session = connection._channel.socket
        assert isinstance(session, ssl.SSLSocket)
        cipher = session.cipher()
        assert cipher is not None
        return session.version() or "", cipher[0]


def of_tls_1_2(certificate: Certificate, ciphers: str) -> ssl.SSLContext:
    """A server that knows these ciphers and nothing newer."""
    context = certificate.server_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    return context


def reason(outcome: tuple[str, str] | Failed) -> str:
    """Why nothing was agreed on."""
    assert isinstance(outcome, Failed), outcome
    return outcome.detail


def test_tls_1_3_comes_first(authority: Authority) -> None:
    """The server knows 1.2, too."""
    outcome = spoken_with(authority.issue(HOST))
    assert isinstance(outcome, tuple)
    assert outcome[0] == "TLSv1.3"


@pytest.mark.parametrize("cipher", ["AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"])
@pytest.mark.parametrize("kind", ["ECDSA", "RSA"])
def test_tls_1_2_is_spoken_with_ecdhe_and_a_cipher_that_authenticates(
    authority: Authority, rsa_certificate: Certificate, kind: str, cipher: str
) -> None:
    """As RFC 9325 recommends."""
    certificate = rsa_certificate if kind == "RSA" else authority.issue(HOST)
    name = f"ECDHE-{kind}-{cipher}"
    assert spoken_with(certificate, of_tls_1_2(certificate, name)) == ("TLSv1.2", name)


@pytest.mark.parametrize(
    "cipher",
    [
        "ECDHE-RSA-AES128-SHA",
        "ECDHE-RSA-AES256-SHA384",
        "AES128-GCM-SHA256",
        "AES256-SHA",
        "DHE-RSA-AES128-GCM-SHA256",
    ],
)
def test_a_server_with_older_ciphers_alone_is_refused(
    rsa_certificate: Certificate, cipher: str
) -> None:
    """CBC, keys that are not forgotten, and Diffie-Hellman over a field."""
    context = of_tls_1_2(rsa_certificate, cipher)
    assert "HANDSHAKE_FAILURE" in reason(spoken_with(rsa_certificate, context))


def test_a_key_that_is_too_short_is_refused(authority: Authority) -> None:
    """RSA has 2,048 bits at the least."""
    short = authority.issue_with(rsa.generate_private_key(65537, 1024), HOST)  # noqa: S505
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(short.chain, short.key)
    assert "key too weak" in reason(spoken_with(short, context))


def test_a_host_is_not_looked_for_in_the_subject(authority: Authority) -> None:
    """RFC 9525: what identifies a server is among its alternative names, or nowhere."""
    assert "Hostname mismatch" in reason(spoken_with(authority.issue_without_san(HOST)))


@pytest.mark.parametrize(
    "names", [(HOST,), (HOST.upper(),), ("*.example.test",), ("other.test", HOST)], ids=str
)
def test_a_name_that_fits_is_trusted(authority: Authority, names: tuple[str, ...]) -> None:
    """In any case, as a wildcard's one label, and as one of several."""
    assert isinstance(spoken_with(authority.issue(*names)), tuple)


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("*.example.test", "a.ssm.example.test"),
        ("*.example.test", "example.test"),
        ("s*.example.test", HOST),
        ("*m.example.test", HOST),
        ("ssm.*.test", HOST),
        ("*.*.test", HOST),
        ("*", HOST),
        ("example.test", HOST),
        ("*.test", "example.test"),
    ],
)
def test_a_name_that_does_not_fit_is_refused(authority: Authority, name: str, host: str) -> None:
    """A wildcard stands for one whole label, the first, and never for all of a domain."""
    assert "Hostname mismatch" in reason(spoken_with(authority.issue(name), host=host))


def test_an_address_is_no_name(authority: Authority) -> None:
    """Written as a name it identifies nothing."""
    certificate = authority.issue_without_san(LOOPBACK)
    assert "IP address mismatch" in reason(spoken_with(certificate, host=LOOPBACK))


def test_another_authority_is_refused_in_every_version(tmp_path: Path) -> None:
    """1.2 and 1.3 verify at different moments of the handshake."""
    trusted, other = Authority(tmp_path / "trusted"), Authority(tmp_path / "other").issue(HOST)
    mixed = Certificate(other.chain, other.key, trusted.bundle)
    assert "is not trusted" in reason(spoken_with(mixed))
    context = of_tls_1_2(mixed, "ECDHE+AESGCM")
    assert "is not trusted" in reason(spoken_with(mixed, context))


def refused_by(sends: bytes, *, hangs: bool = False) -> Failed:
    """Why there is no connection to a server that answers a client's first words so."""

    def serve() -> None:
        plain, _ = listener.accept()
        with plain:
            plain.recv(1)
            plain.sendall(sends)
            if hangs:
                over.wait(PATIENCE)

    over = threading.Event()
    with (
        socket.create_server((LOOPBACK, 0)) as listener,
        ThreadPoolExecutor(1) as pool,
        closing(Connection(Address(LOOPBACK, listener.getsockname()[1], True), ANY_ROOT)) as client,
    ):
        serving = pool.submit(serve)
        deadline = time.monotonic() + (SHORT if hangs else PATIENCE)
        with pytest.raises(UpstreamError) as error:
            client.send(Request("GET", "/", (("Host", HOST),)), deadline)
        over.set()
        serving.result(PATIENCE)
    return error.value.failed


@pytest.mark.parametrize(
    "sends",
    [
        b"",
        b"\x16\x03",
        b"\x16\x03\x03\x40\x00half",
        b"\x15\x03\x03\x00\x02\x01\x00",
        b"\x15\x03\x03\x00\x02\x02\x28",
        b"\x15\x03\x03\x00\x02\x02\x50",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x17\x03\x03\x00\x05early",
        b"\xff" * 100,
    ],
)
def test_a_server_that_breaks_off_a_handshake_is_unreachable(sends: bytes) -> None:
    """By closing, with half a record, an alert, or what is no TLS: it may be so for now alone."""
    failed = refused_by(sends)
    assert failed.kind is Kind.UNREACHABLE
    assert failed.transient
    assert failed.detail.isprintable()


@pytest.mark.parametrize("sends", [b"", b"\x16\x03", b"\x16\x03\x03\x40\x00half"])
def test_a_server_that_stops_within_a_handshake_is_late(sends: bytes) -> None:
    """It costs the attempt's time and no more."""
    assert refused_by(sends, hangs=True).kind is Kind.TIMEOUT


@pytest.mark.skipif(
    shutil.which("openssl") is None, reason="there is no openssl: `make tools` installs it"
)
def test_a_server_that_wants_to_renegotiate_is_refused(authority: Authority) -> None:
    """In TLS 1.2; 1.3 has no such thing. What was agreed on once holds for the connection."""
    certificate = authority.issue()
    command = ["openssl", "s_server", "-accept", f"{LOOPBACK}:0", "-naccept", "1", "-tls1_2"]
    files = ["-cert", str(certificate.chain), "-key", str(certificate.key)]
    with subprocess.Popen(  # noqa: S603
        [*command, "-crlf", *files],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        words = iter(server.stdout)
        port = int(next(line for line in words if line.startswith("ACCEPT")).rpartition(":")[2])
        trust = TrustStore([str(certificate.bundle)])
        with closing(Connection(Address(LOOPBACK, port, True), trust)) as client:
            deadline = time.monotonic() + PATIENCE
            client.send(Request("GET", "/", (("Host", LOOPBACK),)), deadline)
            next(line for line in words if line.startswith("Host"))
            server.stdin.write("R\n")  # which has it ask for that, and give up without
            with pytest.raises(UpstreamError) as error:
                client.receive(deadline)
            assert error.value.failed.kind is Kind.UNREACHABLE
        server.stdin.close()
        assert "no renegotiation" in "".join(words)
