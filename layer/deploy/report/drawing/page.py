"""The page: one HTML file with everything in it, for any browser, without a network or a script."""

from collections.abc import Iterator

from ....extension import VERSION
from ..data.bench import Bench
from ..data.cold_start import KINDS, Kind
from ..data.ratio import Ratio
from ..data.role import MEANINGS, Role
from ..estimate import FEWEST, RESAMPLES
from . import palette
from .scale import Scale, logarithmic
from .templates import environment, of_ratio

_HEADLINES = 3
_RATIO_TICKS = 4  # have room in a column of the table
_SECTIONS = {
    "cold_starts": "One cold start, moment by moment",
    "ratios": "Against others",
    "experiments": "Every measurement",
    "method": "How it was measured",
    "footnotes": "What could not be measured here",
}


def page(bench: Bench) -> str:
    """The page of a bench, as HTML."""
    return (
        environment()
        .get_template("page.html")
        .render(
            bench=bench,
            colour={name: f"var(--{name})" for name in palette.LIGHT},
            dark=palette.DARK,
            fewest=FEWEST,
            generator=VERSION,
            headlines=headlines(bench),
            json=bench.to_json(),
            kinds={kind: KINDS[kind] for kind in KINDS if kind in _kinds(bench)},
            light=palette.LIGHT,
            ratio_scale=ratio_scale(bench),
            resamples=f"{RESAMPLES:,}",
            roles={role: MEANINGS[role] for role in MEANINGS if role in _roles(bench)},
            sections={name: text for name, text in _SECTIONS.items() if getattr(bench, name)},
            times=[time for start in bench.cold_starts for time in start.times()],
        )
    )


def headlines(bench: Bench) -> tuple[Ratio, ...]:
    """The ratios that stand above all: those that are marked, or the first ones."""
    marked = tuple(ratio for ratio in bench.ratios if ratio.headline)
    return (marked or bench.ratios)[:_HEADLINES]


def ratio_scale(bench: Bench) -> Scale:
    """The one scale of all ratios and their budgets, with equality on it."""
    positive = (each for each in (1.0, *_ratios(bench)) if each > 0)
    return logarithmic(positive, _RATIO_TICKS)


def _kinds(bench: Bench) -> set[Kind]:
    lanes = (lane for start in bench.cold_starts for lane in start.lanes)
    return {span.kind for lane in lanes for span in lane.spans}


def _roles(bench: Bench) -> set[Role]:
    return {series.role for experiment in bench.experiments for series in experiment.series}


def _ratios(bench: Bench) -> Iterator[float]:
    for ratio in bench.ratios:
        found = of_ratio(ratio)
        if found:
            yield from (found.value, *(found.interval or ()), ratio.budget or 0)
