"""What was measured on an account, as the report takes it."""

import statistics
from collections.abc import Iterator, Sequence

from ....extension import VERSION
from ...layers import layer
from ...report import Bench, ColdStart, Experiment, Lane, Moment, Ratio, Series, Span, differences
from ...report.data.role import Role
from ..starts.rounds import DISCARDED, Rounds
from ..starts.start import Start
from ..target.arm import Name
from ..target.original import Original
from .measured import Measured
from .result import Figure, figures, remarks

_LABELS: dict[Name, str] = {"without": "Without the layer", "with": "With the layer"}
_ROLES: dict[Name, Role] = {"without": "floor", "with": "ours"}


def bench(measured: Measured) -> Bench:
    """The bench of a function."""
    original, rounds = measured.original, measured.rounds
    name, runs = original.configuration.name, len(rounds.starts["with"])
    version = f" --qualifier {original.qualifier}" if original.qualifier else ""
    place = " --in-place" if measured.in_place else ""
    return Bench(
        title=f"What Warmkey costs a cold start of {name}",
        subject=f"AWS Lambda, {original.configuration.region}",
        when=measured.when,
        command=f"warmkey bench {name} --runs {runs}{version}{place}",
        machine=tuple(_machine(measured)),
        method=tuple(_method(measured)),
        cold_starts=(_cold_start("with", rounds), _cold_start("without", rounds)),
        experiments=tuple(_experiments(original, rounds)),
        ratios=tuple(_ratios(original, rounds)),
        footnotes=(
            "What a caller waits for beside these: the network, and how long Lambda takes to find "
            "a place and to fetch the code, of which its log says nothing.",
        ),
    )


def _machine(measured: Measured) -> Iterator[tuple[str, str]]:
    original, found = measured.original, measured.original.configuration
    yield "runtime", found.runtime
    yield "architecture", found.architecture
    yield "memory", f"{original.memory} MB"
    yield "SnapStart", "yes" if original.snap_start else "no"
    yield "network", "a VPC's" if original.in_vpc else "Lambda's own"
    for arm in measured.arms:
        names = (layer.name_in(arn) for arn in arm.configuration.layers)
        yield f"layers {arm.name}", ", ".join(names) or "none"
    yield "command", f"warmkey {VERSION}"


def _method(measured: Measured) -> Iterator[str]:
    copies = "two copies of the function, which nobody else calls"
    subject = "the function itself" if measured.in_place else copies
    yield (
        f"Measured on {subject}: the one without the layer, the other with it. Before each start a "
        "variable is changed, and waited for, so that no environment is there that could answer. "
        "Both arms start in each round, and who is first changes from round to round; the first "
        f"{DISCARDED} is thrown away."
    )
    if not measured.in_place:
        yield (
            "Both copies run on the newest version of their runtime, as Lambda gives it to what is "
            "new or changed; the function may still run on an older one."
        )
    yield (
        "The times are those of Lambda's own REPORT line. A start that turned out to be warm was "
        f"repeated. {'. '.join(remarks(measured))}."
    )


def _experiments(original: Original, rounds: Rounds) -> Iterator[Experiment]:
    shown = figures(original)
    times = [shown[key] for key in ("init", "handler", "total", "billed")]
    points = tuple(each.name for each in times)
    both = (_series("without", times, rounds), _series("with", times, rounds))
    yield Experiment("A cold start", "part", "ms", points, both)
    added = tuple(
        differences(rounds.of("with", each.of), rounds.of("without", each.of)) for each in times
    )
    yield Experiment(
        "What the layer adds to it",
        "part",
        "ms",
        points,
        (Series(_LABELS["with"], "ours", added),),
        difference=True,
    )
    memory = [shown["memory"]]
    yield Experiment(
        "Memory",
        "of the environment",
        "MB",
        ("used at most",),
        (_series("without", memory, rounds), _series("with", memory, rounds)),
    )


def _series(name: Name, shown: Sequence[Figure], rounds: Rounds) -> Series:
    samples = tuple(rounds.of(name, each.of) for each in shown)
    return Series(_LABELS[name], _ROLES[name], samples)


def _ratios(original: Original, rounds: Rounds) -> Iterator[Ratio]:
    for key, figure in figures(original).items():
        theirs = rounds.of("without", figure.of)
        if statistics.median(theirs) > 0:
            yield Ratio(
                figure.name,
                figure.unit,
                rounds.of("with", figure.of),
                "the same without the layer",
                theirs,
                paired=True,
                headline=key in ("init", "total"),
            )


def _cold_start(name: Name, rounds: Rounds) -> ColdStart:
    """The start whose time is the median's, or next to it."""
    ordered = sorted(rounds.starts[name], key=lambda start: start.total)
    start = ordered[(len(ordered) - 1) // 2]
    begin = "RESTORE" if start.restored else "INIT"
    lanes = [
        Lane("Lambda", (Span(begin, 0, start.init, "platform"),)),
        *_extension(start),
        Lane("Function", (Span("handler", start.init, start.total, "function"),)),
    ]
    note = f"The median of {len(ordered)} starts."
    if start.phases:
        note += " Warmkey counts its moments from its own start, shortly after that of INIT."
    return ColdStart(
        _LABELS[name], _ROLES[name], tuple(lanes), Moment("answered", start.total), note
    )


def _extension(start: Start) -> Iterator[Lane]:
    """Warmkey's moments, where its line in the log was not cut off; a restore has none."""
    if start.phases and not start.restored:
        yield Lane("Extension", (), tuple(Moment(k, at) for k, at in start.phases.items()))
