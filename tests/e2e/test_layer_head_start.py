"""The layer with a head start, and with one that was made to fail: a user sees no difference."""

import shutil
import socket
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.http_service import Delivery, Response
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.daemon import Daemon


@pytest.fixture(autouse=True)
def key(aws: FakeAws) -> None:
    """SSM holds a key."""
    aws.parameters.put("/key", "value")


def declared(aws: FakeAws, **variables: str) -> dict[str, str]:
    """An environment with one declared secret."""
    return {**aws.environment(), "KEY": "warmkey:/key", **variables}


def assert_serves(daemon: Daemon, api: FakeRuntimeApi) -> None:
    """Assert that it registered once, serves, and leaves in peace."""
    daemon.wait_until_ready()
    assert daemon.read("KEY") == "value"
    assert len(api.seen(Call.REGISTER)) == 1
    api.shutdown()
    assert daemon.wait_for_end() == 0
    assert daemon.errors == ""
    assert daemon.logged("ERROR") == []


def test_the_layer_serves_with_a_head_start(layer: Path, api: FakeRuntimeApi, aws: FakeAws) -> None:
    """The ordinary case."""
    with Daemon(layer, api, declared(aws)) as daemon:
        assert_serves(daemon, api)


def test_the_layer_serves_without_a_launcher(
    layer: Path, tmp_path: Path, api: FakeRuntimeApi, aws: FakeAws
) -> None:
    """The interpreter alone, under the extension's name."""
    (tmp_path / "extensions").mkdir()
    shutil.copy(layer / "warmkey/warmkey", tmp_path / "extensions/warmkey")
    with Daemon(tmp_path, api, declared(aws)) as daemon:
        assert_serves(daemon, api)


@pytest.mark.parametrize("taken", ["3</dev/null", "4</dev/null", "3</dev/null 4</dev/null"])
def test_the_layer_serves_where_descriptors_are_taken(
    layer: Path, api: FakeRuntimeApi, aws: FakeAws, taken: str
) -> None:
    """Somebody else's are not touched."""
    shell = ("/bin/sh", "-c", f'exec "$@" {taken}', "sh")
    with Daemon(layer, api, declared(aws), command=shell) as daemon:
        assert_serves(daemon, api)


def test_the_layer_serves_where_the_api_has_a_host_name(
    layer: Path, api: FakeRuntimeApi, aws: FakeAws
) -> None:
    """Python resolves it."""
    address = api.address.replace("127.0.0.1", "localhost")
    with Daemon(layer, api, declared(aws, AWS_LAMBDA_RUNTIME_API=address)) as daemon:
        assert_serves(daemon, api)


def test_the_layer_registers_again_when_the_first_request_was_lost(
    layer: Path, api: FakeRuntimeApi, aws: FakeAws
) -> None:
    """The connection that the launcher opened was reset."""
    api.answer(Call.REGISTER, Response(200, delivery=Delivery.RESET))
    with Daemon(layer, api, declared(aws)) as daemon:
        daemon.wait_until_ready()
        assert daemon.read("KEY") == "value"
        assert len(api.seen(Call.REGISTER)) == 2


def test_a_variable_that_claims_a_head_start_is_not_believed(
    layer: Path, api: FakeRuntimeApi, aws: FakeAws
) -> None:
    """Nothing was inherited, whatever it says."""
    claims = {"WARMKEY_REGISTERED_FD": "4", "LISTEN_FDS": "1", "LISTEN_PID": "1"}
    with Daemon(layer, api, declared(aws, **claims)) as daemon:
        assert_serves(daemon, api)


def test_a_port_that_is_taken_is_reported(layer: Path, api: FakeRuntimeApi, aws: FakeAws) -> None:
    """By Python, through init/error, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        with Daemon(layer, api, declared(aws, WARMKEY_PORT=port)) as daemon:
            report = api.wait_for(Call.INIT_ERROR)
            assert daemon.wait_for_end() == 1
    assert f"port {port} is in use".encode() in report.body
    assert b"WARMKEY_PORT" in report.body


def test_a_malformed_port_is_reported(layer: Path, api: FakeRuntimeApi, aws: FakeAws) -> None:
    """By Python, through init/error, with what is allowed."""
    environment = declared(aws, WARMKEY_PORT="27730")
    with Daemon(layer, api, environment, command=("env", "WARMKEY_PORT=http")) as daemon:
        report = api.wait_for(Call.INIT_ERROR)
        assert daemon.wait_for_end() == 1
    assert b"WARMKEY_PORT is 'http'" in report.body
    assert b"65535" in report.body


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere", "127.0.0.1:99999", ""])
def test_an_api_that_is_not_there_is_named(
    layer: Path, api: FakeRuntimeApi, aws: FakeAws, address: str
) -> None:
    """In the log, as there is nobody to report to."""
    with Daemon(layer, api, declared(aws, AWS_LAMBDA_RUNTIME_API=address)) as daemon:
        assert daemon.wait_for_end() == 1
        (line,) = daemon.logged("ERROR")
    assert line["message"] == "the extension can't register"
    assert address in line["reason"]
