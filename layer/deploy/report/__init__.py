"""The report of a benchmark: what was measured, as data, as a page and as pictures.

    from warmkey.deploy import report

    report.write(report.Bench(...), Path("build/bench"))

`python -m warmkey.deploy.report bench.json -o report.html` makes the page of a file anew.
"""

from .bench import BadBench, Bench
from .cold_start import ColdStart, Lane, Moment, Span
from .estimate import differences
from .experiment import Experiment, Series
from .ratio import Ratio
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
