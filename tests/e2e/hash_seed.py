"""The seed of the hashes of strings, which is the same in every process of a version."""

import re

from layer.build.executables.objects import SOURCES


def hash_seed() -> int:
    """As the seed's C code has it."""
    found = re.search(r"HASH_SEED = (\d+)", (SOURCES / "seed.c").read_text("utf-8"))
    assert found
    return int(found[1])
