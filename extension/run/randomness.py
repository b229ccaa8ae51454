"""Randomness, by which processes that began together part."""

from __future__ import annotations

import os


def random_fraction() -> float:
    """A random number from 0 to 1.

    It comes from the kernel: a generator of our own would be part of the snapshot, and give every
    process the same numbers.
    """
    return int.from_bytes(os.urandom(2), "big") / 65535
