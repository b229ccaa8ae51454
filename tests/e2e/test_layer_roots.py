"""Mozilla's roots in the layer's interpreter: each is found, and none is taken for another."""

import datetime
import socket
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from layer.build import targets
from layer.build.executables import roots
from tests.patience import PATIENCE
from tests.rapid.layer import build

CLIENT = Path(__file__).with_name("roots_client.py")
NOT_FOUND = "unable to get local issuer certificate"
FORGED = "certificate signature failure"
EXPIRED = "certificate has expired"  # and so will each of them, one day
DAY = datetime.timedelta(days=1)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def mozilla() -> list[x509.Certificate]:
    """The roots as they come with Debian's package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the serial number of one of Starfield's is 0
        found = roots.mozilla(build().materials.sysroot(targets.host()).root)
        return [x509.load_der_x509_certificate(der) for der in found]


def forged(issuer: x509.Name, key: Key, number: int, folder: Path) -> ssl.SSLContext:
    """A server whose certificate names an issuer that does not own the key it is signed with."""
    host = f"{number}.test"
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]))
        .issuer_name(issuer)
        .public_key(EC.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        .sign(key, hashes.SHA256())
    )
    private = EC.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / f"{number}.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@contextmanager
def served(contexts: list[ssl.SSLContext]) -> Iterator[int]:
    """The port of a server that has the certificate of that number for the host NUMBER.test."""

    def choose(session: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        session.context = contexts[int((name or "").partition(".")[0])]

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with suppress(OSError), plain, first.wrap_socket(plain, server_side=True):
                    pass

    first = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    first.sni_callback = choose
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = Thread(target=serve)
        serving.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        serving.join()


def outcomes(port: int, count: int) -> list[str]:
    """What the layer's Python says of hosts 0.test to COUNT.test there, by its own roots."""
    python = build().python(targets.host())
    done = subprocess.run(  # noqa: S603
        [python.executable, "-S", CLIENT, str(port), str(count)],
        env={"PYTHONHOME": str(python.home), "SSL_CERT_FILE": "/dev/null"},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return done.stdout.splitlines()


def test_the_roots_are_all_of_mozillas(mozilla: list[x509.Certificate]) -> None:
    """More than a hundred, AWS's among them."""
    assert len(mozilla) > 100
    names = {root.subject.rfc4514_string().partition(",")[0] for root in mozilla}
    assert {f"CN=Amazon Root CA {number}" for number in range(1, 5)} <= names


def test_each_is_found_and_holds_its_certificates_to_its_key(
    mozilla: list[x509.Certificate], tmp_path: Path
) -> None:
    """A certificate in its name that it has not signed is told from one of a stranger."""
    contexts = [
        forged(root.subject, RSA if is_rsa(root) else EC, number, tmp_path)
        for number, root in enumerate(mozilla)
    ]
    with served(contexts) as port:
        found = outcomes(port, len(contexts))
    names = [root.subject.rfc4514_string() for root in mozilla]
    others = [each for each in zip(names, found, strict=True) if each[1] not in (FORGED, EXPIRED)]
    assert others == []


def test_a_stranger_is_not_found(tmp_path: Path) -> None:
    """Its name is a root's, but for one letter."""
    stranger = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Amazon Root CA 9")])
    with served([forged(stranger, EC, 0, tmp_path)]) as port:
        assert outcomes(port, 1) == [NOT_FOUND]


def is_rsa(certificate: x509.Certificate) -> bool:
    """Whether its key is of that kind; OpenSSL takes no other for the issuer's."""
    return isinstance(certificate.public_key(), rsa.RSAPublicKey)
