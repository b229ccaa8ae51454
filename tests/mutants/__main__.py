"""`make mutants`: change the code, a little each time, and print what no test notices."""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from .mutation import mutants
from .suite import modules, tests_of
from .trial import changed, copy_of, passes

ROOT = Path(__file__).parents[2]
_CHANGED = ("extension/", "layer/deploy/", "layer/python/warmkey/")
_FOR_ONE_FILE = 60.0  # seconds; a file whose tests take longer, or need what is built, is left out


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Try a sample of the mutants; say whether any survives."""
    options = _options().parse_args(arguments)
    places = [
        (file.relative_to(root), mutant, name)
        for name, file in modules(root).items()
        if file.relative_to(root).as_posix().startswith(_CHANGED) and options.only in str(file)
        for mutant in mutants(file.read_text())
    ]
    if not places:
        print(f"no code has {options.only!r} in its path, below {', '.join(_CHANGED)}")  # noqa: T201
        return 2
    chance = random.Random(options.seed)  # noqa: S311 - a sample, the same each time
    sample = chance.sample(places, min(options.count, len(places)))
    tried = survivors = 0
    suites: dict[str, tuple[list[str], float]] = {}
    with copy_of(root) as tree, suppress(KeyboardInterrupt):
        for file, mutant, name in sorted(sample, key=lambda each: (each[0], each[1].line)):
            tests, seconds = suites.get(name) or suites.setdefault(name, _suite(name, tree))
            with changed(tree / file, mutant.source):
                noticed = bool(tests) and not passes(tree, tests, 10 + 3 * seconds)
            tried += 1
            if not noticed:
                survivors += 1
                print(f"{file}:{mutant.line}: {mutant.before} → {mutant.after}", flush=True)  # noqa: T201
    print(f"{tried} of {len(places)} mutants tried, {survivors} survived")  # noqa: T201
    return int(survivors > 0 or tried < len(sample))


def _suite(module: str, tree: Path) -> tuple[list[str], float]:
    """The files with a module's tests that pass, and the seconds that they take together."""
    began = time.monotonic()
    tests = tests_of(module, tree)
    passing = [test for test in tests if passes(tree, [test], _FOR_ONE_FILE)]
    if left_out := sorted(set(tests) - set(passing)):
        print(f"{module}: without {', '.join(left_out)}", file=sys.stderr)  # noqa: T201
    return passing, time.monotonic() - began


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--only", default="", help="a part of the paths of what is changed")
    parser.add_argument("--count", type=int, default=100, help="how many mutants are tried")
    parser.add_argument("--seed", type=int, default=1, help="which sample is tried")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
