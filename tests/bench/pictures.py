"""The pictures of the documentation that benchmarks draw anew with `--write`."""

from pathlib import Path

from layer.build.plan import REPOSITORY
from warmkey.deploy.report import Bench
from warmkey.deploy.report.drawing.svg import comparison
from warmkey.deploy.report.writing import write_drawings

FOLDER = REPOSITORY / "docs/pictures"


def draw_all(bench: Bench, folder: Path = FOLDER) -> None:
    """Draw the waterfall and the main comparison of a bench, under their own names."""
    folder.mkdir(parents=True, exist_ok=True)
    write_drawings(bench, folder)


def draw_comparison(bench: Bench, name: str, folder: Path = FOLDER) -> None:
    """Draw the main comparison of a bench.

    Args:
        bench: A bench with at least one experiment.
        name: The file's name, e.g. `reads.svg`.
        folder: Where to; it is made where it isn't there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(comparison(bench), encoding="utf-8")
