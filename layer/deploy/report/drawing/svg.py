"""Drawings that stand alone, as SVG: for a README, light or dark as its reader prefers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..data.bench import Bench
from ..data.cold_start import KINDS, Span
from . import palette
from .scale import linear
from .templates import day, described, environment, of_experiment, told

_WIDTH = 840
_MARGIN = 24
_LETTER = 0.64  # of the font's size: how wide a bold letter of a wide font is, on average
_SIZE = 14
_SMALL = 11  # of what stands in a bar
_AROUND = 8  # pixels, beside what stands in a bar
_MOST_LETTERS = 34  # of a label; a longer one is cut


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things are, in pixels.

    Attributes:
        letters: How many a label may have.
        left: Where the plot begins.
        plot: Its width.
        width: Of everything.
        margin: Between the drawing's edge and what is in it.
        title_letters: How many a title may have.
        small_letters: How many a line in small letters may have.
    """

    letters: int
    left: float
    plot: float
    width: int = _WIDTH
    margin: int = _MARGIN
    title_letters: int = 68
    small_letters: int = 108


def waterfall(bench: Bench) -> str:
    """The cold starts of a bench, one below the other on one scale, as an SVG file.

    Args:
        bench: A bench with at least one cold start.
    """
    starts = bench.cold_starts
    names = [lane.name for start in starts for lane in start.lanes]
    frame = _frame(names, right=_MARGIN)
    scale = linear(time for start in starts for time in start.times())

    def has_room(span: Span) -> bool:
        """Whether its name fits into its bar; on the hatched ones nothing can be read."""
        bar = frame.plot * (scale.share(span.end) - scale.share(span.start))
        return span.kind != "upstream" and bar >= width(span.name, _SMALL) + _AROUND

    return _drawn(
        "pictures/waterfall.svg",
        bench,
        frame=frame,
        has_room=has_room,
        kinds=KINDS,
        scale=scale,
        told=". ".join(f"{each.label}: {'; '.join(map(told, each.lanes))}" for each in starts),
    )


def comparison(bench: Bench) -> str:
    """The main comparison of a bench, its first experiment, as an SVG file.

    Args:
        bench: A bench with at least one experiment.
    """
    experiment = bench.experiments[0]
    figures = (
        f"{point}: {described(samples, series.label, experiment.unit)}"
        for series in experiment.series
        for point, samples in zip(experiment.points, series.samples, strict=True)
        if samples
    )
    labels = [*experiment.points, *(series.label for series in experiment.series)]
    return _drawn(
        "pictures/comparison.svg",
        bench,
        experiment=experiment,
        frame=_frame(labels, right=90),
        scale=of_experiment(experiment),
        told=". ".join(figures),
    )


def _drawn(template: str, bench: Bench, **variables: Any) -> str:
    environ = environment()
    environ.filters["shortened"] = shortened
    environ.filters["width"] = width
    common = {"dark": palette.DARK, "light": palette.LIGHT}
    source = f"{bench.subject}, {day(bench.when)}, {bench.command}"
    return environ.get_template(template).render(bench=bench, source=source, **common, **variables)


def _frame(labels: Iterable[str], right: float) -> _Frame:
    """A frame with room for the longest label, and for something on the right."""
    letters = min(_MOST_LETTERS, max(map(len, labels)))
    left = _MARGIN + width("m" * letters, _SIZE) + _MARGIN / 2
    return _Frame(letters, left, _WIDTH - left - right)


def width(text: str, size: float) -> float:
    """About how wide a text is, in pixels, in letters of this size."""
    return round(len(text) * _LETTER * size)


def shortened(text: str, letters: int) -> str:
    """A text, cut where it has more letters."""
    return text if len(text) <= letters else text[: letters - 1] + "\N{HORIZONTAL ELLIPSIS}"
