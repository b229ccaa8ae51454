"""The commands of the build.

python -m layer.build [ARCHITECTURE …]   builds the layer, for all architectures or for some
python -m layer.build --or-current […]   the same, of Debian's current versions where those that are
                                         locked are gone
python -m layer.build update             renews the lock and prints what changed
python -m layer.build outdated           prints what Debian has that is newer than the lock
python -m layer.build test-cpython       runs CPython's own tests on what the layer is made of
"""

import sys
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from layer.build import cpython_tests, stand_in, targets
from layer.build.contents.components import UnknownPartError
from layer.build.executables.python import ScriptError
from layer.build.executables.toolchain import ToolError
from layer.build.inputs import outdated, renewal
from layer.build.inputs.lock import Lock, changes
from layer.build.inputs.mirrors import ArchiveError
from layer.build.inputs.patch import PatchError
from layer.build.plan import LOCK, Build
from layer.build.progress import told_on
from layer.build.side_by_side import SeveralFailed
from layer.build.snapshot.seed import SeedError

WORK, DIST = Path("build/layer"), Path("dist")
INTERRUPTED = 130
REFUSALS = (
    ArchiveError,
    ChildProcessError,
    PatchError,
    ScriptError,
    SeedError,
    ToolError,
    UnknownPartError,
    ValueError,
)


def build(names: list[str], *, or_current: bool = False) -> None:
    """Build the layer for the architectures named, or for all."""
    wanted = [targets.named(name) for name in names] or targets.TARGETS
    step = told_on(Console())
    plan = stand_in.obtain(WORK.absolute(), wanted, step, or_current=or_current)
    if said := stand_in.note(plan.lock):
        print(said)
    for made in plan.layers(wanted, DIST.absolute()):
        print(f"{made.relative_to(Path.cwd())}  {made.stat().st_size / 1e6:.1f} MB")


def update() -> None:
    """Renew the lock and print what changed."""
    old = Lock.read(LOCK) if LOCK.exists() else Lock(())
    new = renewal.renew(WORK.absolute(), old)
    if new != old:
        new.write(LOCK)
    print("\n".join(changes(old, new)) or "nothing changed")


def main(arguments: list[str]) -> str | int | None:
    """Run a command.

    Returns:
        What went wrong, for people; or the exit status.
    """
    try:
        match arguments:
            case ["update"]:
                update()
            case ["outdated"]:
                return outdated.check(Lock.read(LOCK), renewal.renew, WORK.absolute())
            case ["test-cpython"]:
                plan = Build(Lock.read(LOCK), WORK.absolute(), told_on(Console()))
                return cpython_tests.run(plan.python_with_tests())
            case ["--or-current", *names]:
                build(names, or_current=True)
            case names:
                build(names)
    except REFUSALS as error:
        return _told(error)
    except SeveralFailed as several:
        if all(isinstance(error, REFUSALS) for error in several.failures):
            return "\n".join(dict.fromkeys(map(_told, several.failures)))
        raise
    return None


def _told(error: Exception) -> str:
    return f"the layer can't be built: {error}"


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(INTERRUPTED)
