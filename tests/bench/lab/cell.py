"""The plan: under which conditions functions start, one thing varied at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from warmkey.deploy.report.data.experiment import ScaleKind

SECRETS = (1, 10, 30)
LATENCIES = (0.0, 0.020, 0.200)
"""How long a new connection to SSM waits for its TLS handshake, in seconds."""

QUOTAS = {1769: 1.0, 512: 0.29, 128: 0.072}
"""By a function's memory in MB, its share of a vCPU.

Source: "Configure Lambda function memory" in AWS's Lambda developer guide: one vCPU at 1,769 MB,
and CPU in proportion to memory.
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One set of conditions.

    Attributes:
        secrets: How many secrets the function wants.
        latency: How long a new connection to SSM waits for its TLS handshake, in seconds.
        memory: The memory in MB whose CPU quota is imitated; None for no quota.
    """

    secrets: int = 1
    latency: float = 0.0
    memory: int | None = None

    @property
    def label(self) -> str:
        """What progress and failures call it."""
        secrets = f"{self.secrets} secret{'s' if self.secrets > 1 else ''}"
        latency = [f"{1000 * self.latency:.0f} ms to connect"] if self.latency else []
        return ", ".join((secrets, *latency, *([f"{self.memory} MB"] if self.memory else [])))


@dataclass(frozen=True, slots=True)
class Dimension:
    """What is varied, with the cells in which it is.

    Attributes:
        name: What is varied.
        points: The cells' names among each other.
        cells: The cells, as many.
        note: What is the same in all of them.
        scale: The axis for what comes of them.
    """

    name: str
    points: tuple[str, ...]
    cells: tuple[Cell, ...]
    note: str
    scale: ScaleKind = "linear"


BASE = Cell()
SHOWN = Cell(secrets=30, latency=0.020)
"""What the waterfall shows: enough secrets to take several calls, and SSM not next door."""


def dimensions(quotas: bool = True) -> tuple[Dimension, ...]:
    """What is varied around the base.

    Args:
        quotas: Whether this machine can imitate CPU quotas.
    """
    return (_secrets(), _latency(), *([_memory()] if quotas else []))


def quick() -> tuple[Dimension, ...]:
    """The least that shows that everything works."""
    return (_secrets(counts=(BASE.secrets,)),)


def _secrets(counts: Sequence[int] = SECRETS) -> Dimension:
    return Dimension(
        "secrets",
        tuple(Cell(count).label for count in counts),
        tuple(replace(BASE, secrets=count) for count in counts),
        "SSM without latency, no CPU quota.",
    )


def _latency() -> Dimension:
    return Dimension(
        "the time that a connection takes",
        tuple(f"{1000 * latency:.0f} ms" for latency in LATENCIES),
        tuple(replace(BASE, latency=latency) for latency in LATENCIES),
        "One secret, no CPU quota.",
    )


def _memory() -> Dimension:
    return Dimension(
        "the CPU of a memory size",
        ("no quota", *(f"{memory:,} MB" for memory in QUOTAS)),
        (BASE, *(replace(BASE, memory=memory) for memory in QUOTAS)),
        "One secret, SSM without latency.",
        scale="log",
    )


def cells(varied: Sequence[Dimension]) -> Iterator[Cell]:
    """Every cell once, the base first, and the one that the waterfall shows."""
    every = (cell for dimension in varied for cell in dimension.cells)
    yield from dict.fromkeys((BASE, *every, SHOWN))
