"""One of those that are compared."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Peer:
    """An extension, as a layer that can be mounted and as a command that can be run.

    Attributes:
        label: What the tables call it.
        layer: The layer's tree, seen as `/opt`.
        name: The name of its executable in `extensions/`.
        roots: PEM files with the certificate authorities that it trusts, as it would in life.
        trust: The variable that names them to it.
        serves: Whether it serves a secret; else it only registers.
        packages: What else it is made of, beside the layer.
    """

    label: str
    layer: Path
    name: str
    roots: tuple[Path, ...] = ()
    trust: str = "AWS_CA_BUNDLE"
    serves: bool = True
    packages: tuple[Path, ...] = ()

    @property
    def executable(self) -> Path:
        """What Lambda starts."""
        return self.layer / "extensions" / self.name

    def files(self) -> list[Path]:
        """Every file that a fresh sandbox would have to read from disk."""
        trees = (self.layer, *self.packages)
        return [path for tree in trees for path in _files(tree)]


def _files(tree: Path) -> list[Path]:
    if tree.is_dir():
        return [path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()]
    return [tree]
