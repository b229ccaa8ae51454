"""Whatever became of the standard streams, the daemon serves, and nothing is mixed up with them."""

import os
import shlex
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.patience import PATIENT

LOUD = {"WARMKEY_LOG_LEVEL": "debug", **PATIENT}
LIMITED = ("prlimit", "--fsize=0", "--")


def shell(redirections: str) -> tuple[str, ...]:
    """What runs a command with other standard streams."""
    return ("sh", "-c", f'exec "$@" {redirections}', "sh")


@pytest.fixture(autouse=True)
def key(aws: FakeAws) -> None:
    """SSM holds a key."""
    aws.parameters.put("/key", "value")


def assert_serves(
    layer: Path, aws: FakeAws, *command: str, descriptors: tuple[int, ...] = ()
) -> None:
    """Assert that a daemon started like this serves, refreshes and leaves like any other."""
    given = {**aws.environment(), "KEY": "warmkey:/key", **LOUD}
    with (
        FakeRuntimeApi() as api,
        Daemon(layer, api, given, command=command, descriptors=descriptors) as daemon,
    ):
        daemon.wait_until_ready()
        for _ in range(2):
            assert daemon.get("/v1/secrets/KEY?refresh=true").text == "value"
        assert daemon.get("/v1/secrets/NONE").status_code == 404
        assert daemon.status()["counters"]["upstreamErrors"] == 0
        api.shutdown()
        assert daemon.wait_for_end() == 0
    assert {call.connection for call in aws.calls} == {1}


@pytest.mark.parametrize("redirections", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_is_no_socket_s_place(
    layer: Path, aws: FakeAws, redirections: str
) -> None:
    """Or a log line would be written into a connection."""
    assert_serves(layer, aws, *shell(redirections))


def test_a_disk_that_is_full_holds_nobody_up(layer: Path, aws: FakeAws) -> None:
    """Where the log goes to a file."""
    assert_serves(layer, aws, *shell(">/dev/full 2>&1"))


def test_a_pipe_that_nobody_reads_holds_nobody_up(layer: Path, aws: FakeAws) -> None:
    """It is full from the beginning."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with open(reader, "rb"), open(writer, "wb", buffering=0) as full:  # noqa: PTH123
        while full.write(b"x" * 4096):
            pass
        os.set_blocking(writer, True)
        assert_serves(layer, aws, *shell(f">/dev/fd/{writer}"), descriptors=(writer,))


def test_a_file_that_may_not_grow_ends_nobody(layer: Path, aws: FakeAws, tmp_path: Path) -> None:
    """The limit of a file's size comes as a signal, SIGXFSZ, unless that is ignored."""
    assert_serves(layer, aws, *LIMITED, *shell(f">{shlex.quote(str(tmp_path))}/log"))
