"""What the thin client costs a Python function: a read that it answers from its own memory."""

import os
import subprocess
import sys

from layer.build.plan import REPOSITORY
from tests.bench.reads.server import Server
from tests.bench.world import ALIAS

_SAMPLES = 5
_READS = 100_000
_PROGRAM = f"""
import sys, timeit
sys.path.insert(0, sys.argv[1])
import warmkey
alias = sys.argv[2]
warmkey.get(alias)
timer = timeit.Timer("get(alias)", globals={{"get": warmkey.get, "alias": alias}})
print(*(seconds / {_READS} for seconds in timer.repeat({_SAMPLES}, {_READS})))
"""


def hits(server: Server) -> list[float]:
    """Read a secret again and again in one new process of this Python.

    Args:
        server: Who gives it the first time.

    Returns:
        The seconds of one later read, as several means.
    """
    client = str(REPOSITORY / "layer/python")
    environment = {"WARMKEY_PORT": str(server.port), "AWS_SESSION_TOKEN": server.token}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-c", _PROGRAM, client, ALIAS],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(word) for word in done.stdout.split()]
