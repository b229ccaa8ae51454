"""Throw-away certificates that pass the strictest verification, and some that must not.

They satisfy `ssl.VERIFY_X509_STRICT`, the default since Python 3.13: key identifiers, key usage
and basic constraints as RFC 5280 wants them. Keys are P-256, made in about a millisecond, unless
something depends on what AWS's are.
"""

import datetime
import ipaddress
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_DAY = datetime.timedelta(days=1)


def p256() -> Key:
    """A key of the kind that is made quickly."""
    return ec.generate_private_key(ec.SECP256R1())


def rsa_2048() -> Key:
    """A key of the kind that AWS's services and the authorities above them have."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate, in files.

    Attributes:
        chain: The certificate, PEM.
        key: Its private key, PEM.
        bundle: The certificate of the authority that issued it, PEM; what a client trusts.
    """

    chain: Path
    key: Path
    bundle: Path

    def server_context(self) -> ssl.SSLContext:
        """A context for the server's side."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


class Authority:
    """A certificate authority with its files in `folder`, which it makes.

    Two authorities share nothing: what the one issues, a client of the other refuses.

    Args:
        folder: The folder.
        name: Its name.
        issuer: The authority that it stands under, if any; servers send its certificate along.
        make_key: Makes its own key, and those of whom it issues certificates to.

    Attributes:
        bundle: The root's certificate, PEM, as AWS_CA_BUNDLE wants it.
    """

    def __init__(
        self,
        folder: Path,
        name: str = "Warmkey test authority",
        issuer: "Authority | None" = None,
        make_key: Callable[[], Key] = p256,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._make_key = make_key
        self._key = make_key()
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._issued = 0
        own: bytes = (issuer or self)._of_authority(self._name, self._key)
        self._chain: bytes = own + issuer._chain if issuer else b""
        self.bundle: Path = issuer.bundle if issuer else folder / "authority.pem"
        if issuer is None:
            self.bundle.write_bytes(own)

    def issue(self, *names: str) -> Certificate:
        """A certificate, good since yesterday and for a month, for these DNS names and addresses.

        Without names it is for `localhost` and `127.0.0.1`.
        """
        now = datetime.datetime.now(datetime.UTC)
        return self._issue(names, now - _DAY, now + 30 * _DAY)

    def issue_with(self, key: Key, *names: str) -> Certificate:
        """A certificate for a key of another kind."""
        now = datetime.datetime.now(datetime.UTC)
        return self._issue(names, now - _DAY, now + 30 * _DAY, key)

    def issue_without_san(self, name: str) -> Certificate:
        """A certificate that names a host as its subject alone, as they did before 2000."""
        now = datetime.datetime.now(datetime.UTC)
        return self._issue((name,), now - _DAY, now + 30 * _DAY, san=False)

    def issue_expired(self, *names: str) -> Certificate:
        """A certificate that expired yesterday."""
        now = datetime.datetime.now(datetime.UTC)
        return self._issue(names, now - 30 * _DAY, now - _DAY)

    def client_context(self) -> ssl.SSLContext:
        """A context for the client's side: trusts this authority alone, verifies strictly."""
        context = ssl.create_default_context(cafile=self.bundle)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    def _of_authority(self, name: x509.Name, key: Key) -> bytes:
        now = datetime.datetime.now(datetime.UTC)
        builder = self._builder(name, key, now - 60 * _DAY, now + 60 * _DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        builder = builder.add_extension(_usage(authority=True), True)
        certificate = builder.sign(self._key, hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.PEM)

    def _issue(
        self,
        names: tuple[str, ...],
        start: datetime.datetime,
        end: datetime.datetime,
        key: Key | None = None,
        *,
        san: bool = True,
    ) -> Certificate:
        names = names or ("localhost", "127.0.0.1")
        key = key or self._make_key()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        builder = (
            self._builder(subject, key, start, end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .add_extension(_usage(authority=False), True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        )
        if san:
            alternatives = x509.SubjectAlternativeName([_general_name(name) for name in names])
            builder = builder.add_extension(alternatives, False)
        return self._write(builder.sign(self._key, hashes.SHA256()), key)

    def _builder(
        self,
        subject: x509.Name,
        key: Key,
        start: datetime.datetime,
        end: datetime.datetime,
    ) -> x509.CertificateBuilder:
        """What every certificate has, an authority's and a server's."""
        subject_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(subject_id, False)
            .add_extension(issuer_id, False)
        )

    def _write(self, certificate: x509.Certificate, key: Key) -> Certificate:
        self._issued += 1
        chain = self._folder / f"server-{self._issued}.pem"
        private = self._folder / f"server-{self._issued}.key"
        chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + self._chain)
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return Certificate(chain, private, self.bundle)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
