"""What the layer's OpenSSL offers to a server works, though much of it has been left out."""

import datetime
import fnmatch
import json
import re
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from layer.build import targets
from layer.build.executables import declined
from layer.build.executables.objects import DECLINED
from layer.build.snapshot.seed import REHEARSAL
from tests.patience import PATIENCE
from tests.rapid.layer import build

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
KEYS: dict[str, Callable[[], Key]] = {
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
}
GROUPS = ("X25519", "prime256v1", "X448", "secp384r1", "secp521r1")
# Ciphers for keys that both sides share, and for passwords, are not offered where there are none.
# TLS 1.3 takes the server's choice, and the machine's Python, which is the server, has no
# Diffie-Hellman over a field by itself.
OTHERS = re.compile("^(DHE-|TLS_)|PSK|SRP")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of its own for each kind of key: KIND.pem, with the key."""
    made = tmp_path_factory.mktemp("certificates")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    for kind, generate in KEYS.items():
        key = generate()
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
            .sign(key, None if kind == "Ed25519" else hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        text = certificate.public_bytes(serialization.Encoding.PEM) + private
        (made / f"{kind}.pem").write_bytes(text)
    return made


def outcomes(servers: list[tuple[int, str, str]]) -> list[str]:
    """What the layer's Python says of servers: their ports, what to trust, their names."""
    python = build().python(targets.host())
    done = subprocess.run(  # noqa: S603
        [python.executable, "-S", Path(__file__).with_name("tls_client.py")],
        env={"PYTHONHOME": str(python.home)},
        input=json.dumps(servers),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    found: list[str] = json.loads(done.stdout)
    return found


@contextmanager
def served(context: ssl.SSLContext) -> Iterator[int]:
    """The port of a server that gives back what one client says."""

    def serve() -> None:
        plain, _ = listener.accept()
        plain.settimeout(PATIENCE)
        with (
            suppress(ssl.SSLError),  # the client tells of it
            plain,
            context.wrap_socket(plain, server_side=True) as connection,
        ):
            connection.sendall(connection.recv(4))

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        listener.settimeout(PATIENCE)
        serving = pool.submit(serve)
        yield listener.getsockname()[1]
        serving.result(PATIENCE)


def all_outcomes(contexts: dict[str, ssl.SSLContext], bundles: dict[str, Path]) -> dict[str, str]:
    """What the layer's Python says of a server with each context."""
    with ExitStack() as stack:
        ports = [stack.enter_context(served(context)) for context in contexts.values()]
        trusted = [str(bundles[name]) for name in contexts]
        servers = [(*server, "localhost") for server in zip(ports, trusted, strict=True)]
        return dict(zip(contexts, outcomes(servers), strict=True))


def server_context(certificate: Path) -> ssl.SSLContext:
    """A server's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_every_cipher_that_is_offered_works(folder: Path) -> None:
    """Each is the only one of a server's."""
    contexts, bundles = dict[str, ssl.SSLContext](), dict[str, Path]()
    offered = [name for name in outcomes([]) if not OTHERS.search(name)]
    for cipher in offered:
        bundles[cipher] = folder / ("P-256.pem" if "ECDSA" in cipher else "RSA.pem")
        context = server_context(bundles[cipher])
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"{cipher}:@SECLEVEL=0")
        contexts[cipher] = context
    assert len(offered) > 10
    assert all_outcomes(contexts, bundles) == {name: name for name in offered}


def test_every_group_that_is_offered_works(folder: Path) -> None:
    """Each is the only one of a server's."""
    contexts, bundles = dict[str, ssl.SSLContext](), dict.fromkeys(GROUPS, folder / "RSA.pem")
    for group in GROUPS:
        contexts[group] = server_context(bundles[group])
        try:
            contexts[group].set_ecdh_curve(group)
        except ssl.SSLError:
            pytest.skip(f"the OpenSSL of this Python, {ssl.OPENSSL_VERSION}, does not set {group}")
    found = all_outcomes(contexts, bundles)
    assert all(cipher.startswith("TLS_") for cipher in found.values()), found


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_of_every_kind_is_verified(folder: Path, kind: str) -> None:
    """By a process that has verified none before: then OpenSSL looks through all it has."""
    bundle = folder / f"{kind}.pem"
    found = all_outcomes({kind: server_context(bundle)}, {kind: bundle})
    assert found[kind].startswith("TLS_")


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_chain_like_that_of_aws_is_verified(kind: str) -> None:
    """With an authority between, which every service of AWS sends."""
    context = server_context(REHEARSAL / f"{kind}-server.pem")
    with served(context) as port:
        root = str(REHEARSAL / f"{kind}-root.pem")
        (found,) = outcomes([(port, root, "rehearsal.invalid")])
    assert found.startswith("TLS_")


def test_declined_modules_exist_to_be_left_out() -> None:
    """Else what an update has renamed would be back in the layer, unseen."""
    roots = [build().materials.sysroot(target).libraries for target in targets.TARGETS]
    libraries = [root / name for root in roots for name in declined.LIBRARIES]
    names = {name for library in libraries for name, _ in declined.members(library)}
    unwanted = declined.read(DECLINED.read_text("utf-8"))
    assert [pattern for pattern in unwanted if not fnmatch.filter(names, pattern)] == []
