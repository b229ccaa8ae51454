"""One run: everything measured in turns, so that what disturbs one disturbs all."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from tests.bench.functions import Runtime
from tests.bench.init import init
from tests.bench.peer import Peer
from tests.bench.rounds import turned
from tests.bench.samples import Samples
from tests.bench.start.cold_start import cold_start
from tests.bench.start.condition import CONDITIONS, Condition
from tests.bench.start.page_cache import evict
from tests.bench.world import World

NOBODY = ""
"""Whose samples those of a function without an extension are."""


@dataclass(frozen=True, slots=True)
class InitCondition:
    """The conditions of an INIT.

    Attributes:
        name: What samples and tables call them.
        cold: Whether the extension's files are dropped from the page cache before.
        core_count: How many cores the function has.
    """

    name: str
    cold: bool
    core_count: int


INIT_CONDITIONS = (
    InitCondition("warm", cold=False, core_count=2),
    InitCondition("cold", cold=True, core_count=2),
    InitCondition("one core, warm", cold=False, core_count=1),
    InitCondition("one core, cold", cold=True, core_count=1),
)
"""All of them, in the order of the tables."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is measured, and where to.

    Attributes:
        peers: Who starts, in turn.
        runtimes: The functions whose INIT is measured; none where the Rapid core cannot run.
        world: What is around the extensions.
        samples: What has been measured: `secret, warm` and the like of a start by itself, and
            `INIT, Python, warm` of a function, also for `NOBODY`.
    """

    peers: Sequence[Peer]
    runtimes: Sequence[Runtime]
    world: World
    samples: Samples

    def round(self, number: int, keep: bool = True) -> Iterator[str]:
        """Measure everything once.

        Args:
            number: The round's number; each begins with another peer.
            keep: Whether what is measured counts.

        Yields:
            What is measured next.
        """
        samples = self.samples if keep else Samples()
        for condition in CONDITIONS:
            for peer in turned(self.peers, number):
                yield f"{peer.label}: start, {condition.name}"
                self._start(peer, condition, samples)
        for runtime in self.runtimes:
            for init_condition in INIT_CONDITIONS:
                for extension in turned([None, *self.peers], number):
                    label = extension.label if extension else NOBODY
                    yield f"{runtime.label} function: INIT, {init_condition.name}, {label}"
                    what = f"INIT, {runtime.label}, {init_condition.name}"
                    samples.add(label, what, self._init(runtime, extension, init_condition))

    def _start(self, peer: Peer, condition: Condition, samples: Samples) -> None:
        start = cold_start(peer, self.world, condition)
        for what, value in asdict(start).items():
            samples.add(peer.label, f"{what}, {condition.name}", value)

    def _init(self, runtime: Runtime, peer: Peer | None, condition: InitCondition) -> float:
        if peer and condition.cold:
            evict(peer.files())
        return init(runtime, peer, self.world, core_count=condition.core_count)
