"""Who starts: a function that has its secrets in one of the ways, with its extension."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from layer.build.stages import stage
from tests.bench.functions import NODE, PYTHON
from tests.bench.lab import way as ways
from tests.bench.lab.cell import BASE, SHOWN, Cell
from tests.bench.lab.way import Source, Way
from tests.bench.peer import Peer
from tests.bench.peers import BUILD
from tests.languages.node_runtime import node_bootstrap
from tests.languages.npm import LOCK, installed
from tests.rapid.runtime import python_bootstrap

_HERE = Path(__file__).parent
_WRAPPER = "/opt/warmkey-exec"
_SLOW = 256  # MB; below, a start takes seconds, and only who stands in a ratio takes part


@dataclass(frozen=True, slots=True)
class Variant:
    """A function with all that it needs.

    Attributes:
        runtime: `Python` or `Node`.
        way: How it has its secrets.
        package: Its package.
        bootstrap: The command that is its runtime.
        extension: Its extension; None for none.
    """

    runtime: str
    way: Way
    package: Path
    bootstrap: tuple[str, ...]
    extension: Peer | None

    @property
    def who(self) -> tuple[str, Way]:
        """Its runtime and its way."""
        return self.runtime, self.way

    @property
    def label(self) -> str:
        """What progress and failures call it."""
        return f"{self.runtime}, {self.way.label}"

    def takes_part_in(self, cell: Cell) -> bool:
        """Whether it starts under these conditions."""
        if self.way in ways.FIRST_READS:
            return cell == BASE
        if cell == SHOWN:
            return self.runtime == PYTHON and self.way in (ways.NOTHING, ways.CLIENT, ways.BOTO3)
        slow = cell.memory is not None and cell.memory < _SLOW
        return not (slow and self.way in (ways.WRAPPER, ways.POWERTOOLS))


Extensions = Mapping[Source, Peer]
"""Those that could be built, by what comes from them."""


def python_variants(extensions: Extensions) -> Iterator[Variant]:
    """Python functions, on `awslambdaric`, and those that show what a first read takes."""
    package = _HERE / "python"
    yield from _variants(PYTHON, package, tuple(python_bootstrap("app.handler")), extensions)
    reading = tuple(python_bootstrap("first_read.handler"))
    for way in ways.FIRST_READS:
        yield Variant(PYTHON, way, package, reading, extensions["Warmkey"])


def node_variants(extensions: Extensions) -> Iterator[Variant]:
    """Node functions, on `aws-lambda-ric`.

    Raises:
        Unavailable: There is no Node, or something of it cannot be built.
    """
    yield from _variants(NODE, _node_package(), node_bootstrap(), extensions)


def _variants(
    runtime: str, package: Path, bootstrap: tuple[str, ...], extensions: Extensions
) -> Iterator[Variant]:
    for way in ways.WAYS[runtime]:
        if way.source in ("clear", "calls"):
            yield Variant(runtime, way, package, bootstrap, None)
        elif way.source in extensions:
            command = (_WRAPPER, *bootstrap) if way.source == "wrapper" else bootstrap
            yield Variant(runtime, way, package, command, extensions[way.source])


def _node_package() -> Path:
    """The function with AWS's SDK beside it, and with a link to Warmkey's client in the layer.

    AWS's own Node finds ES modules in layers; what leads this one there is the link.
    """
    source = _HERE / "node"
    libraries = installed(source, BUILD / "node-libraries") / "node_modules"

    def make(package: Path) -> None:
        shutil.copytree(libraries, package / "node_modules", symlinks=True)
        (package / "node_modules/warmkey").symlink_to("/opt/nodejs/node_modules/warmkey")
        shutil.copy(source / "app.mjs", package)

    key = [*(source / name for name in ("app.mjs", *LOCK)), Path(__file__)]
    return stage(BUILD / "node", key, make)
