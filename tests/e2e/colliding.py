"""Names whose hashes collide in a dictionary.

    PYTHONHASHSEED=… python colliding.py COUNT LENGTH TRIES

Of every TRIES names the one is taken that meets the most others on its way to a free place, as
CPython looks for one (Objects/dictobject.c). All 64 bits of two hashes alike would be worse, but
nobody finds thousands of such names: SipHash leaves no other way than to try.
"""

import itertools
import json
import string
import sys
from collections.abc import Iterator

_CHARACTERS = string.ascii_letters + string.digits + "_"


def names(length: int) -> Iterator[str]:
    """All names of a length, such as the environment may have."""
    return map("".join, itertools.product("K", *[_CHARACTERS] * (length - 1)))


def place(name: str, taken: bytearray) -> tuple[int, int]:
    """How many others a name meets in a table of 2^n places, and the place that it finds."""
    mask, perturbed = len(taken) - 1, hash(name) & (1 << 64) - 1
    at, met = perturbed & mask, 0
    while taken[at]:
        perturbed >>= 5
        at = (5 * at + perturbed + 1) & mask
        met += 1
    return met, at


def colliding(count: int, length: int, tries: int) -> tuple[list[str], float]:
    """So many names, and how many others one meets, in the mean."""
    taken = bytearray(1 << (count * 3 // 2).bit_length())
    every, chosen, met = names(length), [], 0
    for _ in range(count):
        tried = itertools.islice(every, tries)
        (others, at), name = max((place(name, taken), name) for name in tried)
        taken[at] = 1
        chosen.append(name)
        met += others
    return chosen, met / count


if __name__ == "__main__":
    json.dump(colliding(*map(int, sys.argv[1:])), sys.stdout)
