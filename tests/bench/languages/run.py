"""Cold starts of functions in every language, in turns, with the layer and without."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.init import initialised
from tests.bench.peer import Peer
from tests.bench.rounds import turned
from tests.bench.samples import Samples
from tests.bench.usage import resident
from tests.bench.world import NAME, SECRET, World
from tests.languages.language import Built
from tests.rapid.function import Function
from tests.rapid.processes import is_extension
from tests.rapid.sandbox import FunctionError

_ALIASES = ("stripeSecretKey", "prices")  # what the examples declare


@dataclass(frozen=True, slots=True)
class Subject:
    """A language with its functions, built.

    Attributes:
        label: What the table calls it.
        example: Its example, which reads a secret when it starts.
        plain: A function that reads the variable `KEY` and knows nothing of Warmkey.
    """

    label: str
    example: Built
    plain: Built


@dataclass(frozen=True, slots=True)
class LanguageRun:
    """What is measured, and where to.

    Attributes:
        subjects: Who starts, in turn.
        layer: Warmkey's layer.
        world: What is around it; only SSM is used of it.
        place: A directory for the examples' configuration.
        nowhere: An address where no Stripe is.
        samples: What has been measured.
    """

    subjects: Sequence[Subject]
    layer: Peer
    world: World
    place: Path
    nowhere: str
    samples: Samples

    def round(self, number: int, keep: bool = True) -> Iterator[str]:
        """Measure everything once.

        Args:
            number: The round's number; each begins with another language.
            keep: Whether what is measured counts.

        Yields:
            What is measured next.
        """
        samples = self.samples if keep else Samples()
        for subject in turned(self.subjects, number):
            yield subject.label
            self._pair(subject.label, subject.plain, number, samples)
            self._example(subject, samples)

    def _pair(self, label: str, plain: Built, number: int, samples: Samples) -> None:
        """The same function with and without the layer; who is first changes with the round."""
        clear = {"KEY": SECRET}
        found = {}
        for what in ("without", "with") if number % 2 else ("with", "without"):
            with_it = what == "with"
            layer = self.layer.layer if with_it else None
            around = self.world.environment(self.layer) if with_it else {}
            found[what] = _start(plain, layer, {**around, **clear}, SECRET)
            samples.add(label, what, found[what].init)
        samples.add(label, "added", found["with"].init - found["without"].init)
        samples.add(label, "function rss", found["with"].function)
        samples.add(label, "extension rss", found["with"].extension)

    def _example(self, subject: Subject, samples: Samples) -> None:
        """The example, up to the event, which is no order: it is not what is measured."""
        around = self.world.environment(self.layer)
        config = self.place / "warmkey.json"
        secrets = dict.fromkeys(_ALIASES, NAME)
        config.write_text(json.dumps({"secrets": secrets}), encoding="utf-8")
        more = {"WARMKEY_CONFIG": str(config), "STRIPE_API_BASE": self.nowhere}
        samples.add(
            subject.label,
            "example",
            _start(subject.example, self.layer.layer, {**around, **more}).init,
        )


@dataclass(frozen=True, slots=True)
class _Start:
    """INIT in milliseconds; resident memory in megabytes."""

    init: float
    function: float
    extension: float


def _start(
    built: Built, layer: Path | None, environment: Mapping[str, str], expected: object = None
) -> _Start:
    """Start a function and end it when it has answered.

    Raises:
        FunctionError: It did not answer, or not this, or was initialised more than once.
        TimeoutError: The core did not report INIT.
    """
    function = Function(
        package=built.package, layer=layer, environment=environment, bootstrap=built.bootstrap
    )
    with function:
        took, answer = initialised(function)
        if expected is not None and answer != expected:
            raise FunctionError(f"{built}: {answer!r}\n{function.log}")
        return _Start(took, *_resident(function.processes()))


def _resident(pids: Iterable[int]) -> tuple[float, float]:
    """The memory of the function's own processes, and that of the extension's."""
    function = extension = 0.0
    for pid in pids:
        if is_extension(pid):
            extension += resident(pid)
        else:
            function += resident(pid)
    return function, extension
