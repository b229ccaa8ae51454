"""The environment that a program gets through `/opt/warmkey-exec`, beside a real daemon."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import Deny, Hold, Refuse
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.conftest import CANARY, Serve, Start
from tests.integration.exec_wrapper import ExecWrapper
from tests.patience import PATIENCE
from tests.rapid.ports import ReservedPort

VALUES = {
    "LINES": "canary\n-----BEGIN KEY-----\r\n\n",
    "QUOTES": "canary ' \" ` \\ $(exit 1) $HOME ; & | * ~",
    "UNICODE": "canary ä € 🙂",
    "SPACES": "  canary\t ",
    "EQUALS": "=canary=",
    "LARGE": "canary" + "x" * (65536 - 6),
    "BASE64": "Y2FuYXJ5",
}


class Wrapped(Protocol):
    """Starts daemons, and gives the wrapper beside each."""

    def __call__(self, **variables: str) -> ExecWrapper:
        """Start one with these variables, which are the wrapper's too."""


@pytest.fixture
def wrapped(start: Start, layer: Path, api: FakeRuntimeApi) -> Wrapped:
    """The wrapper of the built layer, in the environment of the function, once Lambda starts it."""

    def beside(**variables: str) -> ExecWrapper:
        daemon = start(**variables)
        assert api.wait_until_registered(), daemon.output
        own = {"WARMKEY_PORT": str(daemon.port), "AWS_SESSION_TOKEN": daemon.token}
        return ExecWrapper(layer, {**own, **variables})

    return beside


@pytest.fixture
def config(tmp_path: Path) -> Callable[[Mapping[str, str]], str]:
    """Writes a `warmkey.json` with secrets for every stage, and returns its path."""

    def write(secrets: Mapping[str, str]) -> str:
        path = tmp_path / "warmkey.json"
        path.write_text(json.dumps({"secrets": secrets}))
        return str(path)

    return write


def test_every_value_is_there_to_the_last_byte(aws: FakeAws, wrapped: Wrapped) -> None:
    """Whatever a shell would make of it, up to the largest that Secrets Manager has."""
    for name, value in VALUES.items():
        aws.secrets.put(name, value)
    references = {name: f"warmkey:secretsmanager:{name}" for name in VALUES}
    variables = wrapped(**references).variables()
    assert {name: variables[name] for name in VALUES} == {
        name: value.encode() for name, value in VALUES.items()
    }


def test_every_other_variable_stays_as_it_is(aws: FakeAws, wrapped: Wrapped) -> None:
    """To the last byte, too."""
    aws.parameters.put("/key", "canary")
    wrapper = wrapped(KEY="warmkey:/key", EMPTY="")
    given = {b"BYTES": b"\xff\xfe", b"WARM": b"a warmkey:/key"}
    assert wrapper.variables(given) == {
        **{name: value.encode() for name, value in wrapper.environment.items()},
        "KEY": b"canary",
        "BYTES": b"\xff\xfe",
        "WARM": b"a warmkey:/key",
    }


def test_aliases_of_the_file_become_variables_where_they_can(
    aws: FakeAws, wrapped: Wrapped, config: Callable[[Mapping[str, str]], str]
) -> None:
    """Never over one that is there; others, and those of paths, are for the endpoint alone."""
    aws.parameters.put("/key", "canary")
    for name in ("user", "db/password"):
        aws.parameters.put(f"/app/{name}", "canary")
    aliases = ("stripeKey", "MINE", "EMPTY", "a-b", "1st", "späße", "db/key")
    path = config({**dict.fromkeys(aliases, "/key"), "app": "/app/*"})
    wrapper = wrapped(WARMKEY_CONFIG=path, MINE="mine", EMPTY="")
    variables = wrapper.variables()
    assert variables.keys() - wrapper.environment.keys() == {"stripeKey", "user"}
    assert variables["stripeKey"] == variables["user"] == b"canary"
    assert (variables["MINE"], variables["EMPTY"]) == (b"mine", b"")


STEERING = ("WARMKEY_NEXT_WRAPPER", "LD_PRELOAD", "BASH_ENV", "NODE_OPTIONS", "PYTHONPATH")


def test_an_author_of_a_parameter_runs_no_code(aws: FakeAws, wrapped: Wrapped) -> None:
    """Its name is data: such a variable is not set, and the log says so; the program runs."""
    for name in STEERING:
        aws.parameters.put(f"/app/{name}", "/bin/false")
    aws.parameters.put("/app/KEY", "canary")
    wrapper = wrapped(APP="warmkey:/app/*")
    variables = wrapper.variables()
    assert not variables.keys() & set(STEERING)
    assert variables["KEY"] == b"canary"
    (said,) = wrapper.run("true").stderr.decode().splitlines()
    assert said.startswith("warmkey: not set from a path: ")
    assert all(name in said for name in STEERING)


def test_a_name_that_steers_may_be_declared_in_the_file(
    aws: FakeAws, wrapped: Wrapped, config: Callable[[Mapping[str, str]], str]
) -> None:
    """As the file is of the function's own package; a path declares none."""
    aws.parameters.put("/node", "--enable-source-maps")
    aws.parameters.put("/app/PYTHONPATH", "/nowhere")
    declared = config({"NODE_OPTIONS": "/node", "app": "/app/*"})
    variables = wrapped(WARMKEY_CONFIG=declared).variables()
    assert variables["NODE_OPTIONS"] == b"--enable-source-maps"
    assert "PYTHONPATH" not in variables


def test_a_path_s_parameters_may_be_named_as_variables_are(aws: FakeAws, wrapped: Wrapped) -> None:
    """Else those that can have none are told of."""
    aws.parameters.put("/app/db/password-hash", "canary")
    wrapper = wrapped(APP="warmkey:/app/*")
    assert "db/password-hash" in wrapper.run("true").stderr.decode()
    wrapper.environment["WARMKEY_PATH_NAMES"] = "env"
    assert wrapper.variables()["DB_PASSWORD_HASH"] == b"canary"
    assert wrapper.run("true").stderr == b""


def test_the_next_wrapper_is_no_secret(wrapped: Wrapped, aws: FakeAws) -> None:
    """It is read before anything is filled in."""
    aws.parameters.put("/next", "/bin/false")
    wrapper = wrapped(WARMKEY_NEXT_WRAPPER="warmkey:/next")
    code, message = wrapper.refusal()
    assert code == 1
    assert "WARMKEY_NEXT_WRAPPER is 'warmkey:/next'; it must be programs' paths" in message


def test_upstream_message_moves_no_terminal_cursor(aws: FakeAws, wrapped: Wrapped) -> None:
    """Its control characters are told as escapes."""
    aws.parameters.put("/key", "canary")
    aws.faults.always("GetParameter", Refuse("ParameterStrange", "\x1b[2Jcleared\r\a"))
    code, message = wrapped(KEY="warmkey:/key").refusal()
    assert code == 1
    assert all(each.isprintable() for each in message.removesuffix("\n"))


def test_the_wrapper_waits_for_the_prefetch(aws: FakeAws, wrapped: Wrapped) -> None:
    """The runtime is started while the extension fetches."""
    aws.parameters.put("/key", "canary")
    answer = threading.Event()
    aws.faults.once("GetParameters", Hold(answer))
    program = wrapped(KEY="warmkey:/key").start("sh", "-c", 'printf %s "$KEY"')
    aws.wait_for_calls(1)
    assert program.poll() is None
    answer.set()
    assert program.communicate(timeout=PATIENCE)[0] == b"canary"


@pytest.mark.parametrize(
    ("value", "reason"),
    [("canary\0", "KEY contains a NUL byte, "), (b"canary\xff", "KEY is binary, ")],
)
def test_a_value_that_no_variable_can_hold_is_refused(
    aws: FakeAws, wrapped: Wrapped, value: str | bytes, reason: str
) -> None:
    """Its alias is named, and what to do."""
    aws.secrets.put("key", value)
    code, message = wrapped(KEY="warmkey:secretsmanager:key").refusal()
    assert code == 1
    assert message.startswith(f"warmkey: {reason}")
    assert "declare it in warmkey.json by an alias that is not a valid variable name" in message
    assert CANARY not in message


def test_an_environment_that_is_too_large_is_said_to_be(aws: FakeAws, wrapped: Wrapped) -> None:
    """With the variables that make it so, and what to do."""
    for number in range(40):
        aws.secrets.put(f"{number}", "x" * 65536)
    references = {f"LARGE_{number}": f"warmkey:secretsmanager:{number}" for number in range(40)}
    code, message = wrapped(**references).refusal("true")
    assert code == 126
    assert message.startswith("warmkey: true can't be run: Argument list too long. The environment")
    assert re.search(r"most of them in LARGE_\d+ \(6554[67]\), LARGE_", message)
    assert re.search(r"such as LARGE_\d+\.value, and read it from the endpoint", message)


def test_a_binary_secret_with_another_alias_is_in_nobodys_way(
    aws: FakeAws, wrapped: Wrapped, config: Callable[[Mapping[str, str]], str]
) -> None:
    """As the refusal says."""
    aws.secrets.put("key", b"canary\xff")
    wrapper = wrapped(WARMKEY_CONFIG=config({"KEY.value": "secretsmanager:key"}))
    assert "KEY.value" not in wrapper.variables()


def test_a_secret_that_cannot_be_had_stops_the_program_with_the_reason(
    aws: FakeAws, wrapped: Wrapped
) -> None:
    """And with what to do."""
    aws.faults.always("/key", Deny())
    code, message = wrapped(KEY="warmkey:/key").refusal()
    assert code == 1
    assert message.startswith("warmkey: KEY: ")
    assert "grant ssm:GetParameter" in message


def test_a_reference_that_was_set_too_late_stops_the_program(wrapped: Wrapped) -> None:
    """By a wrapper before this one, say: the extension has started without it."""
    wrapper = wrapped()
    wrapper.environment["KEY"] = "warmkey:/key"
    code, message = wrapper.refusal()
    assert code == 1
    assert "KEY is 'warmkey:/key', which the extension does not know" in message


def test_a_layer_without_its_extension_is_said_to_be_so(layer: Path) -> None:
    """The endpoint's port, and what is most likely the matter."""
    with ReservedPort() as port:
        wrapper = ExecWrapper(layer, {"WARMKEY_PORT": str(port.number)})
        code, message = wrapper.refusal()
    assert code == 1
    assert message.startswith("warmkey: the endpoint does not answer: 127.0.0.1:")
    assert "Is the layer attached" in message


def test_a_wrong_token_is_refused_by_the_endpoint(wrapped: Wrapped) -> None:
    """Which says what it wants."""
    wrapper = wrapped()
    wrapper.environment["AWS_SESSION_TOKEN"] = "another"
    code, message = wrapper.refusal()
    assert code == 1
    assert "X-Aws-Parameters-Secrets-Token is wrong" in message


@pytest.mark.parametrize("token", ["schl\u00fcssel-of-sixteen", "\u20ac-and-fifteen-more"])
def test_a_token_may_have_any_character(wrapped: Wrapped, token: str) -> None:
    """It is sent in UTF-8, as the clients send theirs."""
    assert "WARMKEY_TOKEN" in wrapped(WARMKEY_TOKEN=token).variables()


def test_the_token_may_be_in_a_file(wrapped: Wrapped, tmp_path: Path) -> None:
    """As beside a sidecar; one that can't be read is named."""
    file = tmp_path / "token"
    wrapper = wrapped(WARMKEY_TOKEN_FILE=str(file))
    wrapper.environment["AWS_SESSION_TOKEN"] = "another"
    assert f"WARMKEY_TOKEN_FILE names {file}, which can't be read" in wrapper.refusal()[1]
    file.write_text("mine\n")
    assert "WARMKEY_TOKEN_FILE" in wrapper.variables()


def test_the_command_does_the_same_in_a_container(aws: FakeAws, serve: Serve, layer: Path) -> None:
    """`warmkey exec -- COMMAND`, beside `warmkey serve`."""
    aws.parameters.put("/key", "canary")
    sidecar = serve(KEY="warmkey:/key", WARMKEY_TOKEN="mine").wait_until_ready()
    own = {"WARMKEY_PORT": str(sidecar.port), "WARMKEY_TOKEN": "mine", "KEY": "warmkey:/key"}
    own["AWS_SESSION_TOKEN"] = "the container's own"
    wrapper = ExecWrapper(layer, own, "warmkey/warmkey", "exec", "--")
    assert wrapper.variables()["KEY"] == b"canary"


def test_a_bad_port_is_said_with_its_range(layer: Path) -> None:
    """As the extension says it."""
    code, message = ExecWrapper(layer, {"WARMKEY_PORT": "http"}).refusal()
    assert (code, "WARMKEY_PORT is 'http'" in message) == (1, True)


def test_an_optional_secret_that_does_not_exist_leaves_its_variable_unset(
    aws: FakeAws, wrapped: Wrapped
) -> None:
    """And a default takes the place of what does not exist."""
    aws.parameters.put("/needed", "canary")
    wrapper = wrapped(
        NEEDED="warmkey:/needed", DSN="warmkey:/dsn?optional=true", LEVEL="warmkey:/level?default=x"
    )
    variables = wrapper.variables()
    assert (variables["NEEDED"], variables["LEVEL"]) == (b"canary", b"x")
    assert "DSN" not in variables


def test_an_optional_reference_that_the_extension_does_not_know_stops_the_program(
    wrapped: Wrapped,
) -> None:
    """It was set too late; that is no secret that does not exist."""
    done = wrapped().run("true", environment={b"LATE": b"warmkey:/late?optional=true"})
    assert done.returncode == 1
    assert (
        b"LATE is 'warmkey:/late?optional=true', which the extension does not know" in done.stderr
    )
