"""The file system that a function sees: the host's, with `/opt` and `/var/task` of its own.

Mounting straight onto `/opt` and `/var/task` would need both to exist on the host, and `/var/task`
rarely does. So a new root is put together on a tmpfs inside a private mount namespace: every entry
of the host's `/` and `/var` bound in under its own name, and the function's two directories beside
them, read-only as on Lambda. Nothing is created on the host.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.rapid.sandbox import FunctionError

Command = list[str]

# A read-only bind mount must repeat the flags of the file system below it: a user namespace may
# add restrictions but not lift them (mount_namespaces(7)).
_FLAGS = {
    "nosuid": os.ST_NOSUID,
    "nodev": os.ST_NODEV,
    "noexec": os.ST_NOEXEC,
    "noatime": os.ST_NOATIME,
}


class InterpreterInTheWay(FunctionError):
    """What tests run on lies where the function's own directories belong."""


@dataclass(frozen=True, slots=True)
class Root:
    """A plan for the function's root.

    Attributes:
        place: An empty directory of the host where the new root is mounted.
        package: What the function sees as `/var/task`.
        layer: What it sees as `/opt`; None for an empty one.
        keep: Paths that must stay reachable even if they are under `/opt`, like the interpreter.
    """

    place: Path
    package: Path
    layer: Path | None
    keep: tuple[Path, ...] = ()

    def commands(self) -> Iterator[Command]:
        """The commands that put the root together, to be run in a private mount namespace.

        Raises:
            InterpreterInTheWay: One of `keep` cannot stay reachable.
        """
        yield ["mount", "--make-rprivate", "/"]
        yield ["mount", "-t", "tmpfs", "-o", "mode=755", "warmkey", str(self.place)]
        yield from self._bound(self._entries(Path("/"), but="opt var"))
        yield ["mkdir", self._inside("/var")]
        yield from self._bound(self._entries(Path("/var"), but="task"))
        yield from self._var_task()
        yield from self._opt()

    def _inside(self, path: Path | str) -> str:
        return f"{self.place}{path}"

    def _entries(self, directory: Path, but: str) -> list[Path]:
        entries = [entry for entry in directory.iterdir() if entry.name not in but.split()]
        # The new root itself lies beneath one of them: that one first, while it is still empty.
        return sorted(entries, key=lambda entry: (entry not in self.place.parents, entry))

    def _bound(self, entries: Iterable[Path]) -> Iterator[Command]:
        for entry in entries:
            if entry.is_symlink():
                yield ["ln", "-s", str(entry.readlink()), self._inside(entry)]
            elif any(_closed(entry, path) for path in self.keep):
                yield from self._alone(path for path in self.keep if path.is_relative_to(entry))
            elif entry.is_dir():
                yield ["mkdir", self._inside(entry)]
                yield ["mount", "--rbind", str(entry), self._inside(entry)]

    def _alone(self, paths: Iterable[Path]) -> Iterator[Command]:
        """Bind paths in without what lies around them."""
        for path in paths:
            yield ["mkdir", "-p", self._inside(path)]
            yield ["mount", "--rbind", str(path), self._inside(path)]

    def _var_task(self) -> Iterator[Command]:
        for path in self.keep:
            if path.is_relative_to("/var/task"):
                raise InterpreterInTheWay(
                    f"{path} is needed, but the function's package covers /var/task: "
                    "move the checkout and its virtual environment elsewhere"
                )
        yield ["mkdir", self._inside("/var/task")]
        yield _read_only(self.package, self._inside("/var/task"))

    def _opt(self) -> Iterator[Command]:
        kept = {Path(*path.parts[:3]) for path in self.keep if path.is_relative_to("/opt")}
        yield ["mkdir", self._inside("/opt")]
        if kept:
            yield from self._shared_opt(sorted(kept))
        elif self.layer:
            yield _read_only(self.layer, self._inside("/opt"))

    def _shared_opt(self, kept: list[Path]) -> Iterator[Command]:
        """The layer's entries beside those of the host's that must stay."""
        opt = self._inside("/opt")
        entries = sorted(self.layer.iterdir()) if self.layer else []
        for entry in entries:
            if Path("/opt", entry.name) in kept:
                raise InterpreterInTheWay(
                    f"/opt/{entry.name} is needed to run Python, but the layer has one of its own: "
                    "use a Python outside /opt (make PYTHON=…) and a checkout outside /opt"
                )
            yield ["mkdir" if entry.is_dir() else "touch", f"{opt}/{entry.name}"]
        yield ["mkdir", *(self._inside(path) for path in kept)]
        yield ["mount", "--bind", "-o", "ro", opt, opt]
        yield from (["mount", "--rbind", str(path), self._inside(path)] for path in kept)
        yield from (_read_only(entry, f"{opt}/{entry.name}") for entry in entries)


def _closed(entry: Path, path: Path) -> bool:
    """Whether a path lies in an entry of the root where only the entry's owner may go.

    A Python under `/root`, say: as another user, which is how Managed Instances run a function,
    nobody would get there.
    """
    between = [entry, *(each for each in path.parents if each.is_relative_to(entry))]
    return path.is_relative_to(entry) and not all(each.stat().st_mode & 1 for each in between)


def _read_only(source: Path, target: str) -> Command:
    here = os.statvfs(source).f_flag
    options = ["ro", *(name for name, flag in _FLAGS.items() if here & flag)]
    return ["mount", "--bind", "-o", ",".join(options), str(source), target]
