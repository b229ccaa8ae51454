"""The search itself, in a process of its own: `python -m tests.fuzz.engine MODULE OPTION…`.

libFuzzer, by way of atheris: an input that reaches something new is kept, and changed further.
The options are libFuzzer's; the process ends with the search, or with the first finding.
"""

import importlib
import random
import sys

import atheris

from tests.fuzz.json_mutation import mutated
from tests.fuzz.target import Target


def main(arguments: list[str]) -> None:
    """Search until it is over; libFuzzer then ends the process.

    Args:
        arguments: The target's module, and libFuzzer's options.
    """
    module, *options = arguments
    with atheris.instrument_imports(include=["extension"]):
        target: Target = importlib.import_module(module).TARGET
    mutator = {"custom_mutator": _mutate_json} if target.json else {}
    atheris.Setup(["fuzz", *options], target.bear, **mutator)
    atheris.Fuzz()


def _mutate_json(data: bytes, max_size: int, seed: int) -> bytes:
    chance = random.Random(seed)  # noqa: S311 - a search, repeatable by its seed
    if chance.random() < 0.5:
        changed = mutated(data, chance)
        if changed != data and len(changed) <= max_size:
            return changed
    by_bytes: bytes = atheris.Mutate(data, max_size)
    return by_bytes


if __name__ == "__main__":
    main(sys.argv[1:])
