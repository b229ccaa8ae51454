"""The options that every benchmark has."""

import argparse

from tests.bench.page import RESULTS


def parser(module: str, about: str | None, rounds: int) -> argparse.ArgumentParser:
    """A parser that knows `--rounds` and `--write`.

    Args:
        module: What is run by `python -m`.
        about: What it does.
        rounds: How many rounds count, unless given.
    """
    made = argparse.ArgumentParser(prog=f"python -m {module}", description=about)
    made.add_argument("--rounds", type=_count, default=rounds, help="rounds that count")
    made.add_argument("--write", action="store_true", help=f"write it into {RESULTS.name}, too")
    return made


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one has to count")
    return number
