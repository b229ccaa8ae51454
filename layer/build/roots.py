"""The CA roots that AWS's endpoints stand under: five of Mozilla's, as Debian ships them.

Source: https://www.amazontrust.com/repository/
"""

from pathlib import Path

FOLDER = "usr/share/ca-certificates/mozilla"
ROOTS = {
    "Amazon_Root_CA_1": "ce5e74ef",
    "Amazon_Root_CA_2": "6d41d539",
    "Amazon_Root_CA_3": "8cb5ee0f",
    "Amazon_Root_CA_4": "de6d66f3",
    "Starfield_Services_Root_Certificate_Authority_-_G2": "09789157",
}
"""Each with the hash of its name by which OpenSSL looks it up.

Source: https://docs.openssl.org/3.5/man3/SSL_CTX_load_verify_locations/
"""


def write(root: Path, into: Path) -> None:
    """Put the five certificates into a folder, where OpenSSL reads only the one that it needs.

    Args:
        root: The unpacked packages.
        into: The folder, which is not there yet.
    """
    into.mkdir(parents=True)
    for name, subject in ROOTS.items():
        certificate = (root / FOLDER / f"{name}.crt").read_text("ascii").strip()
        (into / f"{subject}.0").write_text(f"# {name}\n{certificate}\n", encoding="ascii")
