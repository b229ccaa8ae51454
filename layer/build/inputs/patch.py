"""Debian's patches to CPython, applied: unified diffs, every line of context must match."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@")


class PatchError(Exception):
    """A patch does not fit the file that it is meant for."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One replacement: `old` lines, expected from line `start` (from 0) on, become `new`."""

    start: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def apply(patch: str, root: Path, below: str) -> list[str]:
    """Apply those parts of a patch that change a file below the folder `below` of `root`.

    Returns:
        The files changed, from `root`.

    Raises:
        PatchError: A hunk fits nowhere.
    """
    changed = []
    for path, hunks in files(patch):
        if PurePosixPath(below) in PurePosixPath(path).parents:
            file = root / path
            before = file.read_text(encoding="utf-8").split("\n") if file.exists() else [""]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(patched(before, hunks, path)), encoding="utf-8")
            changed.append(path)
    return changed


def files(patch: str) -> Iterator[tuple[str, list[Hunk]]]:
    """The files that a patch changes, without their first folder (`a/`, `b/`), and their hunks."""
    lines = patch.split("\n")
    path, hunks, at = "", list[Hunk](), 0
    while at < len(lines):
        if lines[at].startswith("--- ") and lines[at + 1].startswith("+++ "):
            if hunks:
                yield path, hunks
            path, hunks, at = _target(lines[at + 1]), [], at + 2
        elif match := HUNK.match(lines[at]):
            hunk, at = _hunk(match, lines, at + 1)
            hunks.append(hunk)
        else:
            at += 1
    if hunks:
        yield path, hunks


def patched(lines: list[str], hunks: list[Hunk], path: str) -> list[str]:
    """The lines after every hunk; one that is not where it says is looked for nearby.

    Raises:
        PatchError: A hunk fits nowhere.
    """
    result, shift = list(lines), 0
    for hunk in hunks:
        at = _place(result, hunk.old, hunk.start + shift)
        if at is None:
            raise PatchError(
                f"{path}: the hunk at line {hunk.start + 1} of Debian's patch does not fit"
            )
        result[at : at + len(hunk.old)] = hunk.new
        shift = at - hunk.start + len(hunk.new) - len(hunk.old)
    return result


def _place(lines: list[str], wanted: tuple[str, ...], expected: int) -> int | None:
    places = range(len(lines) - len(wanted) + 1)
    nearest = sorted(places, key=lambda place: abs(place - expected))
    return next((p for p in nearest if tuple(lines[p : p + len(wanted)]) == wanted), None)


def _target(line: str) -> str:
    name = line.removeprefix("+++ ").split("\t")[0].strip()
    return name.partition("/")[2]


def _hunk(match: re.Match[str], lines: list[str], at: int) -> tuple[Hunk, int]:
    old_left, new_left = (int(count) if count else 1 for count in match.group(2, 3))
    old: list[str] = []
    new: list[str] = []
    while old_left > len(old) or new_left > len(new):
        mark, text = lines[at][:1] or " ", lines[at][1:]
        if mark in " -":
            old.append(text)
        if mark in " +":
            new.append(text)
        at += 1
    start = int(match[1])
    return Hunk(max(start - 1, 0), tuple(old), tuple(new)), at
