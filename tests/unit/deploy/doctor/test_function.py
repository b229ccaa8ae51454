"""The doctor on a function's configuration: its layer, its ports and its settings."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from warmkey.deploy.doctor.checks import layers, port, variables
from warmkey.deploy.doctor.finding import Finding, Unknown
from warmkey.deploy.functions.configuration import Configuration
from warmkey.deploy.layers.layer import LayerVersion

PREFIX = "arn:aws:lambda:eu-central-1:123456789012:layer"
WARMKEY = f"{PREFIX}:warmkey-x86_64:3"
AWS_EXTENSION = f"{PREFIX}:AWS-Parameters-and-Secrets-Lambda-Extension:12"
APPCONFIG = f"{PREFIX}:AWS-AppConfig-Extension-Arm64:5"
OWN = "0.2.0"


def function(*arns: str, runtime: str = "python3.13", **environ: str) -> Configuration:
    """A function with some layers and variables."""
    return Configuration(
        arn="arn:aws:lambda:eu-central-1:123456789012:function:billing",
        runtime=runtime,
        architecture="x86_64",
        role="arn:aws:iam::123456789012:role/billing",
        layers=arns,
        variables=environ,
    )


def version(arn: str = WARMKEY, warmkey: str = OWN, *architectures: str) -> LayerVersion:
    """A layer version that holds a version of Warmkey."""
    return LayerVersion(arn, f"Warmkey {warmkey}", architectures)


def only(findings: list[Finding]) -> tuple[str, str]:
    """The severity and the problem of the one finding."""
    [found] = findings
    return found.severity, found.problem


def look(subject: Configuration, has: Any = None, newest: Any = None) -> list[Finding]:
    """What is found about a function's layer."""
    return list(layers.check(subject, has or version(), newest, OWN))


def test_the_newest_layer_for_the_architecture_is_fine() -> None:
    """As is one that says nothing of architectures."""
    assert look(function(WARMKEY), version(WARMKEY, OWN, "x86_64", "arm64"), version()) == []
    assert look(function(f"{PREFIX}:warmkey:1"), version(f"{PREFIX}:warmkey:1")) == []


def test_a_function_without_the_layer_gets_nothing() -> None:
    """Or, with the exec wrapper, does not even start."""
    [found] = look(function(AWS_EXTENSION))
    assert (found.severity, found.problem) == ("error", "it does not have the layer")
    assert (found.cost, found.remedy) == ("nothing is fetched", "warmkey attach billing")
    [found] = look(function(AWS_LAMBDA_EXEC_WRAPPER="/opt/warmkey-exec"))
    assert found.cost == "every start fails: the exec wrapper is not there"


@pytest.mark.parametrize(
    "has", [version(WARMKEY, OWN, "arm64"), version(f"{PREFIX}:warmkey-arm64:1")]
)
def test_a_layer_for_another_architecture_can_not_be_executed(has: LayerVersion) -> None:
    """By what it says, or else by its name."""
    severity, problem = only(look(function(has.arn), has))
    assert (severity, problem) == ("error", f"{has.arn} is not for x86_64")


def test_an_old_version_is_a_warning() -> None:
    """By the version that this command comes with, or by what is published."""
    old = version(WARMKEY, "0.1.9")
    assert only(look(function(WARMKEY), old)) == (
        "warning",
        "it has version 0.1.9, and there is 0.2.0",
    )
    newer = version(f"{PREFIX}:warmkey-x86_64:4", OWN)
    assert only(look(function(WARMKEY), version(), newer)) == (
        "warning",
        f"it has version 0.2.0, and there is {newer.arn}",
    )


@pytest.mark.parametrize(
    ("has", "newest"),
    [
        (Unknown("lambda:GetLayerVersion", "denied"), None),
        (version(), Unknown("lambda:ListLayerVersions", "denied")),
    ],
)
def test_a_layer_that_may_not_be_seen_is_not_called_fine(has: Any, newest: Any) -> None:
    """It may be old."""
    severity, problem = only(look(function(WARMKEY), has, newest))
    assert severity == "unchecked"
    assert problem.endswith("was refused: denied")


def test_an_image_cannot_be_looked_into() -> None:
    """Which takes no layers."""
    severity, problem = only(look(function(runtime="")))
    assert severity == "unchecked"
    assert "container image" in problem


@pytest.mark.parametrize(
    ("subject", "problem"),
    [
        (
            function(WARMKEY, AWS_EXTENSION),
            f"AWS's own extension uses the same port: {AWS_EXTENSION}",
        ),
        (
            function(APPCONFIG, WARMKEY_PORT="2772"),
            "AWS's AppConfig extension uses the same port, 2772",
        ),
        (
            function(APPCONFIG, AWS_APPCONFIG_EXTENSION_HTTP_PORT="2773"),
            "AWS's AppConfig extension uses the same port, 2773",
        ),
        (function(WARMKEY_PORT="9001"), "Lambda's own API is on port 9001"),
        (function(WARMKEY_PORT="09001"), "Lambda's own API is on port 9001"),
        (
            function(PARAMETERS_SECRETS_EXTENSION_HTTP_PORT="9001"),
            "Lambda's own API is on port 9001",
        ),
    ],
)
def test_a_port_that_is_taken_is_an_error(subject: Configuration, problem: str) -> None:
    """One of the two would not start."""
    assert only(list(port.check(subject))) == ("error", problem)


@pytest.mark.parametrize(
    "subject",
    [
        function(WARMKEY),
        function(WARMKEY, AWS_EXTENSION, WARMKEY_PORT="2774"),
        function(WARMKEY, APPCONFIG),
    ],
)
def test_ports_that_differ_are_fine(subject: Configuration) -> None:
    """Several extensions may live together."""
    assert list(port.check(subject)) == []


def checked(
    environ: Mapping[str, str], *, runtime: str = "python3.13", timeout: int | None = 30
) -> Iterator[Finding]:
    """What is found about a function's variables."""
    subject = function(runtime=runtime, **environ)
    parsed = variables.parse(subject.variables, subject.region)
    return variables.check(subject, parsed, timeout)


def test_a_setting_that_stops_the_extension_is_an_error() -> None:
    """In the extension's own words."""
    severity, problem = only(list(checked({"WARMKEY_TTL": "soon"})))
    assert severity == "error"
    assert "WARMKEY_TTL is 'soon'; it must be a whole number from 0 to 604800" in problem


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("WARMKEY_TTTL", "WARMKEY_TTTL is not a setting; did you mean WARMKEY_TTL?"),
        ("SSM_PARAMETER_STORE_TTL", "SSM_PARAMETER_STORE_TTL is 'soon', not a whole number"),
    ],
)
def test_a_setting_without_effect_is_a_warning(name: str, problem: str) -> None:
    """A slip, or one of AWS's own extension that can't be read."""
    severity, said = only(list(checked({name: "soon"})))
    assert severity == "warning"
    assert said.startswith(problem)


def test_good_settings_and_other_variables_are_fine() -> None:
    """The region is Lambda's to say."""
    assert list(checked({"WARMKEY_TTL": "60", "KEY": "warmkey:/a"})) == []


@pytest.mark.parametrize(
    ("environ", "severity", "problem"),
    [
        (
            {"DD_API_KEY": "warmkey:/datadog"},
            "warning",
            "DD_API_KEY holds a reference, and is another extension's variable",
        ),
        (
            {"KEY": " warmkey:/key"},
            "warning",
            "KEY is ' warmkey:/key', which is no reference as it stands; write KEY=warmkey:/key",
        ),
        (
            {"WARMKEY_NEXT_WRAPPER": "/opt/otel"},
            "warning",
            "WARMKEY_NEXT_WRAPPER is set, and AWS_LAMBDA_EXEC_WRAPPER is not /opt/warmkey-exec",
        ),
        (
            {"HTTPS_PROXY": "socks5://me:word@proxy:1080"},
            "warning",
            "HTTPS_PROXY is 'socks5://…@proxy:1080', and no proxy is used: a proxy is spoken to in "
            "the clear, by http://",
        ),
        (
            {"WARMKEY_PREFETCH_TIMEOUT_MILLIS": "30000"},
            "warning",
            "prefetch may hold a start for 30 s, and Lambda ends one after 10 s",
        ),
    ],
)
def test_variable_without_the_effect_that_it_promises_is_found(
    environ: dict[str, str], severity: str, problem: str
) -> None:
    """Each was silent, and cost somebody an afternoon."""
    assert only(list(checked(environ))) == (severity, problem)


def test_exec_wrapper_of_a_runtime_that_runs_none_is_an_error() -> None:
    """Its bootstrap would have to."""
    wrapped = {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/warmkey-exec"}
    assert only(list(checked(wrapped, runtime="provided.al2023"))) == (
        "error",
        "AWS_LAMBDA_EXEC_WRAPPER is set, and the runtime provided.al2023 runs no wrapper",
    )
    assert list(checked(wrapped)) == []


def test_timeout_shorter_than_the_hold_is_a_warning() -> None:
    """The handler would not begin where AWS does not answer."""
    held = {"WARMKEY_PREFETCH_TIMEOUT_MILLIS": "5000"}
    assert only(list(checked(held, timeout=3))) == (
        "warning",
        "the function's timeout is 3 s, and prefetch may hold a start for 5 s",
    )
    assert list(checked(held, timeout=5)) == []
    assert list(checked(held, timeout=None)) == []
