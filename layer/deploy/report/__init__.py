"""The report of a benchmark: what was measured, as data, as a page and as pictures.

    from warmkey.deploy import report

    report.write(report.Bench(...), Path("build/bench"))

`python -m warmkey.deploy.report bench.json -o report.html` makes the page of a file anew.
"""

from .data.bench import BadBench, Bench
from .data.cold_start import ColdStart, Lane, Moment, Span
from .data.experiment import Experiment, Series
from .data.ratio import Ratio
from .estimate import differences
from .writing import write

__all__ = [
    "BadBench",
    "Bench",
    "ColdStart",
    "Experiment",
    "Lane",
    "Moment",
    "Ratio",
    "Series",
    "Span",
    "differences",
    "write",
]
