"""A setting that nobody knows is a warning with the one that was meant, and delays no start."""

import signal
import socket
import sys
import threading
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import Hold
from tests.fakes.http_service import LOOPBACK
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import Start
from tests.integration.daemon import Daemon
from tests.patience import PATIENCE

# Lets the daemon log to the descriptor that it is given, and becomes it.
LOGGING_TO = """
import os, sys
os.dup2(int(sys.argv[1]), 1)
os.execv(sys.argv[2], sys.argv[2:])
"""
REGISTERED = b"HTTP/1.1 200 OK\r\nLambda-Extension-Identifier: an-id\r\nContent-Length: 2\r\n\r\n{}"


def test_an_unknown_setting_is_a_warning_with_the_nearest(
    api: FakeRuntimeApi, start: Start
) -> None:
    """As is the well-known slip in the official names; a declared secret may be named so."""
    daemon = start(
        WARMKEY_TLL="1",
        PARAMETERS_AND_SECRETS_EXTENSION_HTTP_PORT="2773",
        SSM_PARAMETER_STORE_TTL="soon",
        WARMKEY_KEY="warmkey:/key",
    ).wait_until_ready()
    api.shutdown()
    assert daemon.wait_for_end() == 0
    assert sorted(line["message"] for line in daemon.logged("WARN")) == [
        "PARAMETERS_AND_SECRETS_EXTENSION_HTTP_PORT is not a setting; "
        "did you mean PARAMETERS_SECRETS_EXTENSION_HTTP_PORT?",
        "SSM_PARAMETER_STORE_TTL is 'soon', not a whole number from 0 to 604800; "
        "using the default 300",
        "WARMKEY_TLL is not a setting; did you mean WARMKEY_TTL?",
    ]
    assert api.seen(Call.INIT_ERROR) == []


def test_an_unknown_setting_is_told_before_what_it_may_have_caused(
    api: FakeRuntimeApi, start: Start
) -> None:
    """Once, though nobody asks for events any more."""
    daemon = start(WARMKEY_STAGESS="dev=test", KEY="warmkey:/none", WARMKEY_REQUIRED="true")
    api.wait_for(Call.INIT_ERROR)
    assert daemon.wait_for_end() == 1
    (warning,) = daemon.logged("WARN")
    assert warning["message"] == "WARMKEY_STAGESS is not a setting; did you mean WARMKEY_STAGES?"
    assert daemon.lines[-1]["errorType"] == "Extension.SecretUnavailable"


def test_an_unknown_setting_is_told_also_where_a_signal_comes_before_the_first_event(
    aws: FakeAws, start: Start
) -> None:
    """As where the prefetch hangs, and somebody ends it."""
    answer = threading.Event()
    aws.parameters.put("/key", "canary")
    aws.faults.once("/key", Hold(answer))
    daemon = start(WARMKEY_TLL="1", KEY="warmkey:/key")
    assert daemon.status()["state"] == "starting"
    daemon.process.send_signal(signal.SIGTERM)
    daemon.wait_for_line("a signal stops the extension")
    answer.set()
    assert daemon.wait_for_end() == 0
    told = [line["message"] for line in daemon.logged("WARN")]
    assert told.count("WARMKEY_TLL is not a setting; did you mean WARMKEY_TTL?") == 1


@pytest.mark.parametrize("layer", ["sources"], indirect=True)  # whose launcher does not register
def test_an_unknown_setting_is_looked_up_after_next(layer: Path, api: FakeRuntimeApi) -> None:
    """Lambda waits for `next`. The log goes to the API's connection, whose bytes have an order."""
    with socket.create_server((LOOPBACK, 0)) as server:
        number = server.getsockname()[1]
        inherited = socket.create_connection((LOOPBACK, number), PATIENCE)
        ours, _ = server.accept()
    with ours, inherited:
        ours.sendall(REGISTERED)
        descriptor = inherited.fileno()
        variables = {
            "AWS_LAMBDA_RUNTIME_API": f"{LOOPBACK}:{number}",
            "AWS_REGION": "eu-central-1",
            "WARMKEY_REGISTERED_FD": str(descriptor),
            "WARMKEY_TLL": "1",
        }
        command = [sys.executable, "-ISBc", LOGGING_TO, str(descriptor)]
        with Daemon(layer, api, variables, command=command, descriptors=[descriptor]):
            said = received_until(ours, b"did you mean WARMKEY_TTL?")
    assert b"GET /2020-01-01/extension/event/next " in said


def received_until(connection: socket.socket, wanted: bytes) -> bytes:
    """What comes, up to these bytes."""
    connection.settimeout(PATIENCE)
    said = b""
    while wanted not in said:
        more = connection.recv(65536)
        assert more, f"it ended with {said!r}"
        said += more
    return said[: said.index(wanted)]
