"""The CA roots that AWS's endpoints stand under: five of Mozilla's, as Debian ships them.

Source: https://www.amazontrust.com/repository/
"""

from pathlib import Path

FOLDER = "usr/share/ca-certificates/mozilla"
NAMES = (
    "Amazon_Root_CA_1",
    "Amazon_Root_CA_2",
    "Amazon_Root_CA_3",
    "Amazon_Root_CA_4",
    "Starfield_Services_Root_Certificate_Authority_-_G2",
)


def amazon_roots(root: Path) -> str:
    """The five certificates in PEM, each under its name.

    Args:
        root: The unpacked packages.
    """
    files = {name: root / FOLDER / f"{name}.crt" for name in NAMES}
    return "\n".join(
        f"# {name}\n{file.read_text('ascii').strip()}\n" for name, file in files.items()
    )
