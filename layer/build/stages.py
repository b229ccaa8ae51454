"""Stages of the build, made again only when something that they are made from has changed."""

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from layer.build.progress import Step, silent

Key = Sequence[str | bytes | Path]


class Stages:
    """The stages of a build, below one folder, told of while they are made.

    Args:
        folder: What is kept between builds.
        step: Tells of each.

    Attributes:
        folder: The same.
        step: The same.
    """

    def __init__(self, folder: Path, step: Step = silent) -> None:
        self.folder = folder
        self.step = step

    def have(self, name: str, ingredients: Key, make: Callable[[Path], None]) -> Path:
        """Have the output of that name, below the folder, as `stage` does."""

        def told(into: Path) -> None:
            with self.step(name):
                make(into)

        return stage(self.folder / name, ingredients, told)


def stage(output: Path, ingredients: Key, make: Callable[[Path], None]) -> Path:
    """Have `output`, a file or a folder, as `make` makes it from `ingredients`.

    A digest of the ingredients lies beside it. A stage that is interrupted leaves no output.

    Args:
        output: What the stage makes.
        ingredients: Everything that it depends on: texts, and files or folders by their contents.
        make: Makes it, at the path that it is given.

    Returns:
        `output`.
    """
    key, stamp = digest(ingredients), _stamp(output)
    unfinished = output.with_name(output.name + ".unfinished")
    with one_at_a_time(output):
        if _is_of(output, key):
            return output
        for path in (stamp, output, unfinished):
            remove(path)
        make(unfinished)
        unfinished.rename(output)
        stamp.write_text(key, encoding="ascii")
    return output


def is_made(output: Path, ingredients: Key) -> bool:
    """Whether `output` is there, and made from these ingredients."""
    return _is_of(output, digest(ingredients))


@contextmanager
def one_at_a_time(output: Path) -> Iterator[None]:
    """Wait until no other process makes this output."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.with_name(output.name + ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest(ingredients: Key) -> str:
    """One SHA-256 over all ingredients and their order; where a file lies does not count."""
    whole = hashlib.sha256()
    for part in ingredients:
        for text in _contents(part):
            whole.update(len(text).to_bytes(8, "big") + text)
    return whole.hexdigest()


def code(*modules: ModuleType) -> list[Path]:
    """The files of modules, where what they do goes into an output."""
    return [Path(module.__file__) for module in modules if module.__file__]


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_of(output: Path, key: str) -> bool:
    stamp = _stamp(output)
    return output.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == key


def _stamp(output: Path) -> Path:
    return output.with_name(output.name + ".made-from")


def _contents(part: str | bytes | Path) -> Iterable[bytes]:
    if isinstance(part, bytes):
        yield part
    elif isinstance(part, str):
        yield part.encode()
    elif part.is_dir():
        for file in sorted(part.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield str(file.relative_to(part)).encode()
                yield file.read_bytes()
    else:
        yield part.read_bytes()
