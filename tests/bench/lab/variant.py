"""Who starts: a function that has its secrets in one of the ways, with its extension."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.functions import NODE, PYTHON
from tests.bench.lab import node_package
from tests.bench.lab import way as ways
from tests.bench.lab.cell import BASE, SHOWN, Cell
from tests.bench.lab.way import Source, Way
from tests.bench.peer import Peer
from tests.languages.node_runtime import node_bootstrap
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
    package, runtime = _HERE / "python", tuple(python_bootstrap("app.handler"))
    for way in ways.WAYS[PYTHON]:
        yield from _variant(PYTHON, way, package, runtime, extensions)
    reading = tuple(python_bootstrap("first_read.handler"))
    for way in ways.FIRST_READS:
        yield from _variant(PYTHON, way, package, reading, extensions)


def node_variants(extensions: Extensions) -> Iterator[Variant]:
    """Node functions, on `aws-lambda-ric`.

    Raises:
        Unavailable: There is no Node, or something of it cannot be built.
    """
    beside, bundled, runtime = node_package.beside(), node_package.bundled(), node_bootstrap()
    for way in ways.WAYS[NODE]:
        package = bundled if way is ways.BUNDLED else beside
        yield from _variant(NODE, way, package, runtime, extensions)


def _variant(
    runtime: str, way: Way, package: Path, bootstrap: tuple[str, ...], extensions: Extensions
) -> Iterator[Variant]:
    """The variant; none where its extension could not be built."""
    if way.source in ("clear", "calls"):
        yield Variant(runtime, way, package, bootstrap, None)
    elif way.source in extensions:
        command = (_WRAPPER, *bootstrap) if way.source == "wrapper" else bootstrap
        yield Variant(runtime, way, package, command, extensions[way.source])
