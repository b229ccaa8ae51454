"""The templates' environment: everything that they may call to show a bench."""

import base64
from collections.abc import Iterable
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from ..data.cold_start import Lane, Moment, Span
from ..data.experiment import Experiment
from ..data.ratio import Ratio
from ..estimate import Quotient, estimate, quotient
from ..verdict import judge
from . import quantity, scale

_GOLDEN = 0.6180339887498949
_ROOM = 0.7  # of a row's height is for samples


def environment() -> Environment:
    """An environment whose templates escape everything that a bench holds."""
    made = Environment(
        loader=PackageLoader(__package__ or ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests["span"] = lambda event: isinstance(event, Span)
    made.filters.update(
        {
            "as_part": quantity.as_part,
            "base64": lambda text: base64.b64encode(text.encode()).decode(),
            "between": quantity.between,
            "between_shares": lambda ends: quantity.between(ends, quantity.share),
            "capitalise": lambda text: text[:1].upper() + text[1:],
            "day": day,
            "described": described,
            "estimate": estimate,
            "events": events,
            "jitter": jitter,
            "kilobytes": lambda text: quantity.number(len(text.encode()) / 1000),
            "linear": scale.linear,
            "logarithmic": scale.logarithmic,
            "moment": lambda when: f"{day(when)}, {when:%H:%M} {when.tzname()}",
            "number": quantity.number,
            "percent": percent,
            "quotient": of_ratio,
            "scale": of_experiment,
            "share": quantity.share,
            "tenths": quantity.tenths,
            "tick": quantity.tick,
            "told": told,
            "verdict": judge,
        }
    )
    return made


def percent(part: float) -> str:
    """A share as CSS and SVG write it."""
    return f"{100 * part:.2f}%"


def jitter(number: int) -> float:
    """A height for the sample of this number, far from those of its neighbours, 0 to 1."""
    return (1 - _ROOM) / 2 + _ROOM * (number * _GOLDEN % 1)


def day(when: datetime) -> str:
    """A date, in words that no reader takes for another date."""
    return f"{when.day} {when:%B %Y}"


def events(lane: Lane) -> list[Span | Moment]:
    """What happened in a lane, in order of its beginning."""
    both: Iterable[Span | Moment] = (*lane.spans, *lane.moments)
    return sorted(both, key=lambda each: each.start if isinstance(each, Span) else each.at)


def told(lane: Lane) -> str:
    """A lane, in words for readers who can't see it."""
    tenths = quantity.tenths
    spans = (
        f"{each.name} from {tenths(each.start)} to {tenths(each.end)} ms"
        if isinstance(each, Span)
        else f"{each.name} at {tenths(each.at)} ms"
        for each in events(lane)
    )
    return f"{lane.name}: {', '.join(spans) or 'nothing'}"


def described(samples: tuple[float, ...], label: str, unit: str) -> str:
    """A distribution, in words for readers who can't see it."""
    found = estimate(samples)
    median, ends = quantity.number(found.median), quantity.between((found.low, found.high))
    return f"{label}: median {median} {unit}, {found.n} samples, {ends} {unit}"


def of_ratio(ratio: Ratio) -> Quotient | None:
    """The ratio of the medians; None where there is none."""
    if not ratio.theirs:
        return None
    return quotient(ratio.ours, ratio.theirs, paired=ratio.paired)


def of_experiment(experiment: Experiment) -> scale.Scale:
    """The one scale of an experiment."""
    covering = scale.logarithmic if experiment.scale == "log" else scale.linear
    return covering(experiment.values())
