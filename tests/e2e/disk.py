"""A disk of its own, whose settings are nobody else's."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SIZE = 64 << 20


class NoDiskError(Exception):
    """This machine, or what runs us, lends none."""


@contextmanager
def disk(folder: Path, read_ahead: int) -> Iterator[Path]:
    """Mount an ext4 file system of a file.

    Args:
        folder: Where the file and the mount point are made.
        read_ahead: How many kilobytes the kernel reads ahead there, at most.

    Yields:
        The mount point.

    Raises:
        NoDiskError: It can't be mounted, or its settings can't be changed.
    """
    image, place = folder / "disk", folder / "mounted"
    with image.open("wb") as file:
        file.truncate(_SIZE)
    place.mkdir()
    _run("mkfs.ext4", "-q", "-F", str(image))
    _run("mount", "-o", "loop", str(image), str(place))
    try:
        device = place.stat().st_dev
        settings = Path(f"/sys/class/bdi/{os.major(device)}:{os.minor(device)}/read_ahead_kb")
        try:
            settings.write_text(str(read_ahead), "ascii")
        except OSError as reason:
            raise NoDiskError(str(reason)) from reason
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)  # noqa: S603, S607


def _run(*command: str) -> None:
    try:
        subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except FileNotFoundError as reason:
        raise NoDiskError(f"there is no {command[0]}") from reason
    except subprocess.CalledProcessError as reason:
        raise NoDiskError(f"{command[0]} says: {reason.stderr.strip()}") from reason
