"""Pictures: an SVG file as a PNG file, drawn by Chromium where there is one.

A browser has the fonts and reads all of CSS; libraries that draw SVG do without one or the other.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)
"""The commands that Chromium goes by."""

SCALE = 2
"""Pixels of the picture for each of the drawing's, as sharp screens have them."""

_TIMEOUT = 60.0  # seconds


class NoPicture(Exception):
    """There is no picture; the message says why, and what to do."""


def is_possible() -> bool:
    """Whether there is a Chromium on the path."""
    return any(map(shutil.which, BROWSERS))


def browser() -> str:
    """The Chromium on the path.

    Raises:
        NoPicture: There is none.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        raise NoPicture("PNG files need Chromium, and none is on the path; apt install chromium")
    return found


def draw(svg: Path, png: Path) -> None:
    """Draw an SVG file, in light colours, as large as it says it is.

    Args:
        svg: The file; its root has `width` and `height` in pixels.
        png: The picture's file.

    Raises:
        NoPicture: There is no Chromium, or it did not draw.
    """
    with TemporaryDirectory(prefix="warmkey-report-") as profile:
        command = [
            browser(),
            "--headless",
            "--disable-gpu",
            "--hide-scrollbars",
            "--default-background-color=00000000",
            f"--force-device-scale-factor={SCALE}",
            f"--window-size={size(svg)}",
            f"--user-data-dir={profile}",
            f"--screenshot={png.absolute()}",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),  # it refuses root otherwise
            svg.absolute().as_uri(),
        ]
        png.unlink(missing_ok=True)
        try:
            done = subprocess.run(  # noqa: S603
                command, capture_output=True, check=False, text=True, timeout=_TIMEOUT
            )
        except subprocess.TimeoutExpired:
            raise NoPicture(f"{command[0]} did not draw {svg.name} in {_TIMEOUT:.0f} s") from None
    if not png.exists():
        raise NoPicture(f"{command[0]} did not draw {svg.name}: {done.stderr.strip()[-500:]}")


def size(svg: Path) -> str:
    """The size that an SVG file says it has, in pixels: `840,424`.

    Raises:
        NoPicture: It says none.
    """
    found = re.search(r'<svg [^>]*width="(\d+)" height="(\d+)"', svg.read_text(encoding="utf-8"))
    if not found:
        raise NoPicture(f"{svg} does not say how large it is; give its root width and height")
    return f"{found[1]},{found[2]}"
