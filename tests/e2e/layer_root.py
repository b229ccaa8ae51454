"""The finished zip, unpacked as `/opt` in a root that holds nothing else."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from layer.build import targets
from layer.build.executables import launcher
from layer.build.targets import Target
from tests.rapid import namespaces
from tests.rapid.layer import build, unpack, zip_of

_SOURCE = Path(__file__).with_name("emulated.c")
_PATH = namespaces.ENVIRONMENT["PATH"]


class CannotRunError(Exception):
    """An executable for this architecture cannot be run on this machine."""


def build_c(source: Path, output: Path) -> None:
    """Build a small static program for this machine, as the launcher is built."""
    launcher.build(build().materials.sysroot(targets.host()), output, source)


@dataclass(frozen=True, slots=True)
class Root:
    """A root folder with the layer in it.

    Attributes:
        path: The folder.
        command: What runs a program in it, before the program's path.
    """

    path: Path
    command: tuple[str, ...]

    def add(self, name: str, contents: str | Path) -> str:
        """Put a text, or a copy of a file, at a path; return the path as seen from inside."""
        file = self.path / name.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(contents, Path):
            shutil.copyfile(contents, file)
        else:
            file.write_text(contents, encoding="utf-8")
        return "/" + name.lstrip("/")


def layer_root(target: Target, folder: Path) -> Root:
    """Unpack the layer for an architecture, with an emulator if this machine has another one.

    Raises:
        CannotRunError: There is no emulator.
    """
    opt = unpack(folder / "opt", zip_of(target))
    command = (*_as_root(), shutil.which("chroot", path=_PATH) or "chroot", str(folder))
    if target == targets.host():
        return Root(folder, command)
    _emulate(target, folder, opt)
    return Root(folder, (*command, "/emulator"))


def _as_root() -> tuple[str, ...]:
    """What lets an ordinary user call chroot."""
    return () if os.geteuid() == 0 else namespaces.isolation()


def _emulate(target: Target, folder: Path, opt: Path) -> None:
    name = f"qemu-{target.triple.partition('-')[0]}-static"
    emulator = shutil.which(name)
    if emulator is None:
        raise CannotRunError(f"there is no {name}: `make tools` installs it")
    shutil.copy(emulator, folder / "emulator")
    (opt / "warmkey/warmkey").rename(opt / "warmkey/emulated")
    build_c(_SOURCE, opt / "warmkey/warmkey")
