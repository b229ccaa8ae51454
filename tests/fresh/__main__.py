"""`make fresh`: what newcomers do, on stock machines, and a table of what came of it."""

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from layer.build.plan import REPOSITORY
from tests.fresh.host import CannotRun, requirements, said
from tests.fresh.report import show, write
from tests.fresh.root import BUILD
from tests.fresh.row import ROWS, Row
from tests.fresh.space import keep_mounts
from tests.fresh.trial import Outcome, tried


def main(arguments: Sequence[str]) -> int:
    """Try the rows and print the table.

    Returns:
        The exit status: 1 when a row is not as it has to be or nothing can run here, else 0.
    """
    given = _options(arguments)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="warmkey-fresh-") as place:
        clone = Path(place, "clone.bundle")
        try:
            requirements()
            said("git", "-C", str(REPOSITORY), "bundle", "create", "-q", str(clone), "HEAD")
            keep_mounts()
        except CannotRun as reason:
            console.print(str(reason), markup=False, highlight=False)
            return 1
        outcomes = []
        for row in ROWS:
            if given.only in row.machine:
                outcomes.append(_shown(console, row, clone))
                if given.write:
                    write(outcomes[-1:])
    return 1 if any(outcome.complaint for outcome in outcomes) else 0


def _shown(console: Console, row: Row, clone: Path) -> Outcome:
    log = BUILD / "logs" / f"{re.sub(r'[^a-z0-9.]+', '-', row.machine.lower())}.txt"
    with console.status(f"{row.machine}: tail -f {log.relative_to(REPOSITORY)}"):
        outcome = tried(row, clone, log)
    show(console, outcome)
    return outcome


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fresh", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="rows whose machine holds it")
    parser.add_argument(
        "--write", action="store_true", help="put them into CONTRIBUTING.md's table"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)
