"""The endpoint is reached on 127.0.0.1 of its own network, and from nowhere else."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.http_service import LOOPBACK
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.patience import PATIENCE
from tests.rapid.layer import unpack
from tests.rapid.namespaces import ENVIRONMENT

NOWHERE = ("192.0.2.1", 9)  # TEST-NET-1; no packet is sent to it
# Connects in a network of its own, whose loopback is up, and says what came of it.
KNOCK = """
ip link set lo up
exec "$0" -c 'import errno, socket, sys
print(errno.errorcode[socket.socket().connect_ex(("127.0.0.1", int(sys.argv[1])))])' "$1"
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a daemon that serves."""
    layer = unpack(tmp_path_factory.mktemp("layer"))
    with FakeAws() as aws, FakeRuntimeApi() as api, Daemon(layer, api, aws.environment()) as daemon:
        daemon.wait_until_ready()
        yield daemon.port


def own_address() -> str:
    """The address that this machine has in its network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
        except OSError:
            pytest.skip("this machine has no address but its loopback's: connect it to a network")
        address: str = probe.getsockname()[0]
        return address


def reached(address: str, port: int) -> bool:
    """Whether anybody listens there."""
    try:
        with socket.create_connection((address, port), PATIENCE):
            return True
    except OSError:
        return False


def test_the_endpoint_is_reached_on_its_own_address(port: int) -> None:
    """Or the tests below could not fail."""
    assert reached(LOOPBACK, port)


@pytest.mark.parametrize("address", ["127.0.0.2", "::1"])
def test_no_other_address_of_the_loopback_reaches_it(port: int, address: str) -> None:
    """It is bound to one."""
    assert not reached(address, port)


def test_the_machine_s_address_does_not_reach_it(port: int) -> None:
    """The one by which others on its network would come."""
    assert not reached(own_address(), port)


def test_another_network_namespace_does_not_reach_it(port: int) -> None:
    """Another container's, say: its 127.0.0.1 is another."""
    for tool in ("ip", "unshare"):
        if shutil.which(tool, path=ENVIRONMENT["PATH"]) is None:
            pytest.skip(f"there is no {tool}: `make tools` installs it")
    options = ("--net",) if os.geteuid() == 0 else ("--net", "--user", "--map-root-user")
    done = subprocess.run(  # noqa: S603
        ["unshare", *options, "sh", "-ec", KNOCK, sys.executable, str(port)],  # noqa: S607
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if "unshare failed" in done.stderr:
        pytest.skip(f"no network namespaces are granted here: {done.stderr.strip()}")
    assert done.stdout == "ECONNREFUSED\n", done.stderr
