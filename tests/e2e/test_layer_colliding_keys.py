"""Keys that are chosen to collide under the hash seed that everybody can read cost little more."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.e2e import colliding
from tests.e2e.hash_seed import hash_seed
from tests.fakes.aws import FakeAws
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient

LARGEST_SECRET = 65536  # bytes, as Secrets Manager takes them
LARGEST_HEAD = 8192
MOST = 3.0
"""Times the cost of ordinary keys."""
TRIES = 50
"""For each key, which then meets three others or so; it takes 1.5 times as many for one more."""
ROUNDS, REPETITIONS = 20, 4


def chosen(count: int, length: int, tries: int = TRIES) -> list[str]:
    """Names that collide in every process of this version; with one try each, ordinary names."""
    command = [sys.executable, colliding.__file__, *map(str, (count, length, tries))]
    own = {**os.environ, "PYTHONHASHSEED": str(hash_seed())}
    names, met = json.loads(subprocess.check_output(command, env=own))  # noqa: S603
    assert (met > 2) == (tries > 1), met  # or these tests could not fail
    return list(names)


def cost(
    layer: Path, aws: FakeAws, given: Mapping[str, str], work: Callable[[Daemon], None]
) -> int:
    """The time that a daemon's loop takes of the processor for some work, in nanoseconds."""
    with FakeRuntimeApi() as api, Daemon(layer, api, {**aws.environment(), **given}) as daemon:
        daemon.wait_until_ready()
        clock, times = Path(f"/proc/{daemon.process.pid}/schedstat"), []
        for _ in range(1 + REPETITIONS):
            times.append(int(clock.read_text("ascii").split()[0]))
            for _ in range(ROUNDS):
                work(daemon)
        return min(b - a for a, b in itertools.pairwise(times))


def ask(daemon: Daemon, names: list[str]) -> None:
    """Send the largest head there may be, with these names in its query and its headers."""
    half = len(names) // 2
    query, headers = "&".join(names[:half]), "".join(f"{name}:\r\n" for name in names[half:])
    head = f"GET /v1/secrets/KEY?{query} HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\n"
    head += f"{TOKEN_HEADER}: {daemon.token}\r\n{headers}"
    head = head[: head.rindex("\r\n", 0, LARGEST_HEAD - 2)] + "\r\n\r\n"
    assert LARGEST_HEAD - 40 < len(head) <= LARGEST_HEAD
    with RawClient(daemon.port) as client:
        client.send(head.encode())
        assert client.answer().status == 400


def read_field(daemon: Daemon) -> None:
    """Have a secret fetched again, and its JSON read."""
    assert daemon.get("/v1/secrets/KEY?refresh=true").text == "0"


def test_colliding_keys_of_the_largest_secret_cost_little(layer: Path, aws: FakeAws) -> None:
    """They are chosen by who may write it."""

    def of(tries: int) -> int:
        names = chosen(LARGEST_SECRET // 10, 5, tries)
        text = json.dumps(dict.fromkeys(names, 0), separators=(",", ":"))
        assert LARGEST_SECRET - 20 < len(text) <= LARGEST_SECRET
        aws.secrets.put("largest", text)
        field = {"KEY": f"warmkey:secretsmanager:largest#{names[-1]}"}
        return cost(layer, aws, field, read_field)

    assert of(TRIES) < MOST * of(1)


def test_colliding_names_in_the_largest_request_cost_little(layer: Path, aws: FakeAws) -> None:
    """They are chosen by whoever reaches the endpoint."""

    def of(tries: int) -> int:
        names = chosen(LARGEST_HEAD // 7, 5, tries)
        return cost(layer, aws, {}, lambda daemon: ask(daemon, names))

    assert of(TRIES) < MOST * of(1)


def test_colliding_names_of_all_secrets_cost_little(layer: Path, aws: FakeAws) -> None:
    """They are the function's own variables."""
    aws.parameters.put("/key", "value")

    def of(tries: int) -> int:
        names = chosen(2000, 5, tries)

        def read_all(daemon: Daemon) -> None:
            assert len(daemon.get("/v1/secrets").json()) == len(names)

        return cost(layer, aws, dict.fromkeys(names, "warmkey:/key"), read_all)

    assert of(TRIES) < MOST * of(1)
