"""Writes a report into a folder: the samples, the page, and pictures for a README."""

from collections.abc import Iterable
from pathlib import Path

from .data.bench import Bench
from .drawing import picture
from .drawing.page import page
from .drawing.svg import comparison, waterfall


def write(bench: Bench, folder: Path, *, png: bool | None = None) -> tuple[Path, ...]:
    """Write all of a report.

    Args:
        bench: What was measured.
        folder: Where to; it is made where it isn't there, and what has the same name in it is
            replaced.
        png: Whether to make PNG files, too; where this machine has Chromium, unless told.

    Returns:
        What was written: `bench.json`, `report.html`, `waterfall.svg` where there are cold starts,
        `comparison.svg` where there are experiments, and the PNG files.

    Raises:
        OSError: The folder can't be written.
        NoPicture: Chromium did not draw; all but the PNG files is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"bench.json": bench.to_json(), "report.html": page(bench)}
    written = _write(texts, folder)
    drawings = write_drawings(bench, folder)
    wanted = picture.is_possible() if png is None else png
    return (*written, *drawings, *(draw_pictures(drawings) if wanted else ()))


def write_drawings(bench: Bench, folder: Path) -> tuple[Path, ...]:
    """Write the SVG files, of what there is, and return their paths."""
    texts = {}
    if bench.cold_starts:
        texts["waterfall.svg"] = waterfall(bench)
    if bench.experiments:
        texts["comparison.svg"] = comparison(bench)
    return _write(texts, folder)


def draw_pictures(drawings: Iterable[Path]) -> tuple[Path, ...]:
    """Draw SVG files as PNG files beside them, and return the paths of these.

    Raises:
        NoPicture: There is no Chromium, or it did not draw.
    """
    pictures = []
    for svg in drawings:
        pictures.append(svg.with_suffix(".png"))
        picture.draw(svg, pictures[-1])
    return tuple(pictures)


def _write(texts: dict[str, str], folder: Path) -> tuple[Path, ...]:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(folder / name for name in texts)
