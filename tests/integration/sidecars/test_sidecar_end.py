"""How `warmkey serve` ends: drained on a signal, or at once with a message where it can't begin."""

import signal
import socket
import subprocess
import threading

import pytest

from extension import VERSION
from tests.fakes.aws import FakeAws
from tests.fakes.container_credentials import ContainerCredentials
from tests.fakes.faults import ANY, Hold
from tests.fakes.http_service import LOOPBACK
from tests.integration.conftest import Serve
from tests.integration.raw_client import RawClient
from tests.integration.sidecar import Sidecar, from_sources
from tests.patience import PATIENCE

ENDING = [signal.SIGTERM, signal.SIGINT]


@pytest.fixture
def answer(aws: FakeAws) -> threading.Event:
    """Lets the answer to the second read of `/p` go, which waits for it."""
    aws.parameters.put("/p", "canary")
    held = threading.Event()
    aws.faults.once("/p", None, Hold(held))
    return held


@pytest.fixture
def reading(serve: Serve) -> Sidecar:
    """A sidecar that reads `/p` upstream for each of its readers."""
    return serve(P="warmkey:/p", WARMKEY_TTL="0", WARMKEY_LOG_LEVEL="debug").wait_until_ready()


@pytest.mark.parametrize("number", ENDING, ids=str)
def test_a_signal_ends_it(serve: Serve, number: signal.Signals) -> None:
    """With exit code 0 and nothing to complain of, though a reader is still connected."""
    sidecar = serve().wait_until_ready()
    with RawClient(sidecar.port) as client:
        client.ask(sidecar.request())
        sidecar.process.send_signal(number)
        assert sidecar.wait_for_end() == 0
        assert client.is_closed()
    assert sidecar.logged("ERROR") == []


@pytest.mark.parametrize("number", ENDING, ids=str)
def test_a_reader_who_waits_is_answered_before_the_end(
    aws: FakeAws, answer: threading.Event, reading: Sidecar, number: signal.Signals
) -> None:
    """Nobody new gets in meanwhile."""
    with RawClient(reading.port) as client:
        client.send(reading.request("/v1/secrets/P"))
        aws.wait_for_calls(2)
        reading.process.send_signal(number)
        reading.wait_for_line("shutting down")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((LOOPBACK, reading.port), PATIENCE)
        answer.set()
        assert client.answer().body == b"canary"
    assert reading.wait_for_end() == 0


def test_a_second_signal_changes_nothing(
    aws: FakeAws, answer: threading.Event, reading: Sidecar
) -> None:
    """Whoever waits is answered all the same."""
    with RawClient(reading.port) as client:
        client.send(reading.request("/v1/secrets/P"))
        aws.wait_for_calls(2)
        reading.process.send_signal(signal.SIGTERM)
        reading.wait_for_line("shutting down")
        reading.process.send_signal(signal.SIGINT)
        answer.set()
        assert client.answer().body == b"canary"
    assert reading.wait_for_end() == 0
    assert reading.logged("ERROR") == []


@pytest.mark.parametrize("number", ENDING, ids=str)
def test_a_signal_that_comes_too_early_is_not_lost(
    aws: FakeAws, serve: Serve, number: signal.Signals
) -> None:
    """While the first request is on its way, say, or its credentials are."""
    credentials = threading.Event()
    with ContainerCredentials(aws.credentials) as container:
        container.faults.once(ANY, Hold(credentials))
        keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        sidecar = serve(P="warmkey:/p", **dict.fromkeys(keys), **container.environment())
        container.wait_for_requests(1)
        sidecar.process.send_signal(number)
        credentials.set()
        assert sidecar.wait_for_end() == 0


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"WARMKEY_TTL": "-1"}, ["WARMKEY_TTL", "'-1'", "0 to 604800"]),
        ({"AWS_REGION": None, "AWS_DEFAULT_REGION": None}, ["AWS_REGION"]),
        ({"WARMKEY_CONFIG": "/none.json"}, ["WARMKEY_CONFIG", "/none.json"]),
        ({"KEY": "warmkey:/key/{stage}"}, ["variable KEY", "WARMKEY_STAGE"]),
        ({"KEY": "warmkey:ssn:/key"}, ["variable KEY", "'ssn:/key'"]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_bad_setting_ends_it_at_once(
    aws: FakeAws, serve: Serve, variables: dict[str, str | None], words: list[str]
) -> None:
    """With exit code 1; what was given, what is allowed and what to do is in its log."""
    sidecar = serve(**variables)
    assert sidecar.wait_for_end() == 1
    (line,) = sidecar.logged("ERROR")
    assert all(word in line["message"] for word in words), line
    assert aws.calls == []


def test_a_port_in_use_ends_it_at_once(aws: FakeAws, serve: Serve) -> None:
    """Before anything is asked of AWS."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        sidecar = serve(WARMKEY_PORT=str(other.getsockname()[1]), P="warmkey:/p")
        assert sidecar.wait_for_end() == 1
    (line,) = sidecar.logged("ERROR")
    assert "is in use; choose another with WARMKEY_PORT" in line["message"]
    assert aws.calls == []


def test_extension_without_lambda_says_what_to_run_instead(serve: Serve) -> None:
    """As somebody may start it by hand to see what it does."""
    program = serve(from_sources())
    assert program.wait_for_end() == 1
    (line,) = program.logged("ERROR")
    assert line["reason"] == (
        "AWS_LAMBDA_RUNTIME_API is not set; Lambda sets it; outside Lambda, run `warmkey serve`"
    )


@pytest.mark.parametrize("argument", ["version", "--version"])
def test_the_sidecar_tells_its_version(argument: str) -> None:
    """The one that its status and its User-Agent tell, too."""
    assert _run(argument) == (0, f"warmkey {VERSION}\n", "")


@pytest.mark.parametrize("argument", ["help", "-h", "--help"])
def test_help_is_given_where_it_is_asked_for(argument: str) -> None:
    """On standard output, with exit code 0."""
    code, output, errors = _run(argument)
    assert (code, errors) == (0, "")
    assert output.startswith("usage: warmkey [serve")


@pytest.mark.parametrize(
    "arguments",
    [
        ["sevre"],
        ["serve", "--port", "1"],
        ["serve", "--local", ""],
        ["exec", "--"],
        ["exec", "--", ""],
    ],
    ids=str,
)
def test_anything_else_is_answered_with_the_usage(arguments: list[str]) -> None:
    """On standard error, with exit code 2."""
    code, output, errors = _run(*arguments)
    assert (code, output) == (2, "")
    assert errors.startswith("usage: warmkey [serve")


def _run(*arguments: str) -> tuple[int, str, str]:
    """Run it to its end: exit code, standard output, standard error."""
    done = subprocess.run(  # noqa: S603 - our own program
        from_sources(*arguments),
        env={},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr
