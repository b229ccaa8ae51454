"""One run: everything measured in turns, so that what disturbs one disturbs all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.functions import PYTHON, Runtime
from tests.bench.init import init
from tests.bench.peer import Peer
from tests.bench.rounds import turned
from tests.bench.samples import Samples
from tests.bench.start.cold_start import cold_start
from tests.bench.start.page_cache import evict
from tests.bench.world import World

SLOW = 0.030
"""SSM's latency where it has one, in seconds."""

CORES = {1: "one core", 2: "two cores"}


@dataclass(frozen=True, slots=True)
class Run:
    """What is measured, and where to.

    Attributes:
        peers: Who starts, in turn.
        runtimes: The functions whose INIT is measured; none where the Rapid core cannot run.
        world: What is around the extensions.
        log: Where an extension's output goes, until the next one starts.
        samples: What has been measured.
    """

    peers: Sequence[Peer]
    runtimes: Sequence[Runtime]
    world: World
    log: Path
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
        peers = turned(self.peers, number)
        for temperature in ("warm", "cold", "slow"):
            for peer in peers:
                yield f"{peer.label}: start, {temperature}"
                self._start(peer, temperature, samples)
        for runtime in self.runtimes:
            for cores in (2, 1) if runtime.label == PYTHON else (2,):
                for temperature in ("warm", "cold"):
                    yield f"{runtime.label} function: INIT, {CORES[cores]}, {temperature}"
                    self._inits(runtime, peers, cores, temperature, samples)

    def _start(self, peer: Peer, temperature: str, samples: Samples) -> None:
        if temperature == "cold":
            evict(peer.files())
        latency = SLOW if temperature == "slow" else 0.0
        start = cold_start(peer, self.world, self.log, latency)
        for what in ("registered", "called", "secret", "ready", "cpu", "rss"):
            samples.add(peer.label, f"{what} {temperature}", getattr(start, what))

    def _inits(
        self,
        runtime: Runtime,
        peers: Sequence[Peer],
        cores: int,
        temperature: str,
        samples: Samples,
    ) -> None:
        """What each adds to INIT: with it, less without any in the same round."""
        without = init(runtime, None, self.world, cores=cores)
        samples.add("", f"{runtime.label} {CORES[cores]}", without)
        for peer in peers:
            if temperature == "cold":
                evict(peer.files())
            took = init(runtime, peer, self.world, cores=cores)
            what = f"{runtime.label} {CORES[cores]} {temperature}"
            samples.add(peer.label, what, took - without)
