"""The table of CA roots that the build puts into the executables."""

import zlib
from pathlib import Path

import pytest
from cryptography import x509

from layer.build.executables.roots import (
    COUNT,
    FOLDER,
    ROW,
    MalformedCertificate,
    certificates,
    mozilla,
    subject,
    table,
)
from tests.fakes.certificates import Authority


@pytest.fixture
def pem(tmp_path: Path) -> str:
    """A certificate, with a comment as Debian's files may have."""
    return "# a root\n" + Authority(tmp_path, "a root").bundle.read_text("ascii")


def test_the_subject_is_found_as_it_is_written(pem: str) -> None:
    """The bytes that a certificate's issuer must have, too."""
    (der,) = certificates(pem)
    assert subject(der) == x509.load_der_x509_certificate(der).subject.public_bytes()


@pytest.mark.parametrize("length", [0, 1, 40, 100])
def test_invalid_certificate_is_refused(pem: str, length: int) -> None:
    """It would be a root that nobody finds."""
    (der,) = certificates(pem)
    with pytest.raises(MalformedCertificate):
        subject(der[:length])


def test_a_row_leads_to_its_root(pem: str, tmp_path: Path) -> None:
    """By the check sum of its subject."""
    other = Authority(tmp_path / "other", "another root").bundle.read_text("ascii")
    roots = [*certificates(pem), *certificates(other)]
    made = table(roots)
    assert COUNT.unpack_from(made) == (2,)
    rows = [ROW.unpack_from(made, COUNT.size + number * ROW.size) for number in range(2)]
    assert [made[at : at + length] for _, at, length in rows] == roots
    assert [row[0] for row in rows] == [zlib.crc32(subject(der)) for der in roots]
    assert sum(rows[-1][1:]) == len(made)


def test_aws_s_roots_come_first(tmp_path: Path) -> None:
    """A start reads the page that the table ends on."""
    names = ("ACME", "Amazon_Root_CA_1", "Starfield_Services_Root", "Zeta")
    (tmp_path / FOLDER).mkdir(parents=True)
    for name in names:
        bundle = Authority(tmp_path / name, name).bundle
        bundle.rename(tmp_path / FOLDER / f"{name}.crt")
    order = ["Amazon_Root_CA_1", "Starfield_Services_Root", "ACME", "Zeta"]
    found = [x509.load_der_x509_certificate(der).subject for der in mozilla(tmp_path)]
    assert [each.rfc4514_string() for each in found] == [f"CN={name}" for name in order]
