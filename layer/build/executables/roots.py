"""The CA roots inside the executables: all of Mozilla's, as Debian ships them.

They are one table of which a connection reads a row or two, and the root that its server stands
under (layer/interpreter/trust.c). https://www.ccadb.org/ tells where the list comes from.
"""

import re
import struct
import zlib
from binascii import a2b_base64
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER = "usr/share/ca-certificates/mozilla"
COUNT = struct.Struct("<I")
ROW = struct.Struct("<III")  # the CRC-32 of the subject; where the certificate is, and its length
_SEQUENCE, _VERSION = 0x30, 0xA0
_BEFORE_SUBJECT = 4  # serial number, algorithm, issuer, validity
_PEM = re.compile("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


class MalformedCertificate(ValueError):
    """The bytes are no certificate."""


def mozilla(root: Path) -> list[bytes]:
    """The roots in DER, AWS's first, so that their pages are those of the table.

    Args:
        root: The unpacked packages.
    """
    files = sorted((root / FOLDER).glob("*.crt"), key=lambda file: (not _is_aws(file), file.name))
    return [der for file in files for der in certificates(file.read_text("ascii"))]


def certificates(text: str) -> Iterator[bytes]:
    """The certificates in a PEM text, in DER."""
    return (a2b_base64(match[1]) for match in _PEM.finditer(text))


def table(roots: Iterable[bytes]) -> bytes:
    """The table: how many roots there are, a row for each, and the roots themselves.

    Args:
        roots: Certificates in DER.
    """
    roots = list(roots)
    rows, at = bytearray(), COUNT.size + len(roots) * ROW.size
    for der in roots:
        rows += ROW.pack(zlib.crc32(subject(der)), at, len(der))
        at += len(der)
    return b"".join((COUNT.pack(len(roots)), rows, *roots))


def subject(certificate: bytes) -> bytes:
    """The subject of a certificate, both in DER (RFC 5280 §4.1).

    Raises:
        MalformedCertificate: It is none.
    """
    try:
        _, at, _ = _element(certificate, 0)
        _, at, _ = _element(certificate, at)  # the part that is signed
        tag, _, end = _element(certificate, at)
        at = end if tag == _VERSION else at
        for _ in range(_BEFORE_SUBJECT):
            _, _, at = _element(certificate, at)
        tag, _, end = _element(certificate, at)
    except IndexError:
        tag, end = 0, 0
    if tag != _SEQUENCE or end > len(certificate):
        raise MalformedCertificate(f"these are no certificate: {certificate[:16].hex()}…")
    return certificate[at:end]


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """The tag of the element there, and where its content begins and ends."""
    tag, length, content = data[at], data[at + 1], at + 2
    if length > 0x7F:
        size = length & 0x7F
        content += size
        length = int.from_bytes(data[at + 2 : content])
    return tag, content, content + length


def _is_aws(file: Path) -> bool:
    return file.name.startswith(("Amazon_", "Starfield_Services_"))
