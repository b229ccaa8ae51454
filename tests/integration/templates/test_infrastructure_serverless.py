"""The plugin for the Serverless Framework gives functions what `warmkey attach` would."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.templates import tools
from tests.templates.deployment import LAYER
from tests.templates.infrastructure import serverless
from tests.templates.infrastructure.cases import CASES

PLAIN: dict[str, Any] = {"warmkey": {"secrets": {"KEY": "/key"}}}


@pytest.mark.parametrize("name", [name for name in CASES if name != "nothing"])
def test_function_gets_the_layer_its_variables_and_the_least_privileges(
    name: str, tmp_path: Path
) -> None:
    """To the letter what `warmkey policy` prints; the stage is the framework's own."""
    case = CASES[name]
    own = {"secrets": case.secrets, "stages": case.stages}
    settings = {"kmsKey": case.kms_key} if case.kms_key else {}
    found = serverless.package(
        tmp_path,
        {"billing": {"warmkey": own}},
        config=case.config,
        settings=settings,
        stage=case.stage or "dev",
    )["billing"]
    assert found.layers == (LAYER,)
    assert found.variables == {"WARMKEY_STAGE": "dev", **case.variables()}
    assert found.permissions == case.permissions()


def test_function_that_declares_nothing_is_left_alone(tmp_path: Path) -> None:
    """Where there is no warmkey.json; what it has itself stays first."""
    functions = {
        "billing": {**PLAIN, "layers": [f"{LAYER}9"], "environment": {"LOG": "debug"}},
        "other": {},
    }
    found = serverless.package(tmp_path, functions)
    assert found["other"].layers == ()
    assert found["billing"].layers == (f"{LAYER}9", LAYER)
    assert found["billing"].variables["LOG"] == "debug"


def test_wrapper_that_is_there_is_run_next(tmp_path: Path) -> None:
    """As `warmkey attach --exec` has it."""
    there = {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/other"}
    function = {"warmkey": {**PLAIN["warmkey"], "exec": True}, "environment": there}
    variables = serverless.package(tmp_path, {"billing": function})["billing"].variables
    assert variables["AWS_LAMBDA_EXEC_WRAPPER"] == "/opt/warmkey-exec"
    assert variables["WARMKEY_NEXT_WRAPPER"] == "/opt/other"


def test_runtime_is_started_through_the_wrapper_where_that_is_asked_for(tmp_path: Path) -> None:
    """By whatever asks: here for all functions."""
    found = serverless.package(tmp_path, {"billing": PLAIN}, settings={"exec": True})
    assert found["billing"].variables["AWS_LAMBDA_EXEC_WRAPPER"] == "/opt/warmkey-exec"


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (
            {"warmkey": {"secrets": {"AWS_REGION": "/key"}}},
            "function billing: AWS_REGION is one of",
        ),
        ({"warmkey": {"secrets": {"KEY": "key"}}}, "key is not a reference; it is like /name"),
        ({"warmkey": {"exec": True}, "runtime": "provided.al2023"}, "does not support exec wrap"),
        ({**PLAIN, "layers": [f"{LAYER}{n}" for n in range(5)]}, "would have 6 layers"),
        ({**PLAIN, "environment": {"KEY": "x"}}, "function billing: KEY: set already, to another"),
        ({"warmkey": {"secret": {}}}, "at 'functions.billing.warmkey': unrecognized property"),
        ({"warmkey": {"secrets": {"KEY": "/{stage}"}, "stages": {"prod": "x"}}}, "needs a stage"),
    ],
)
def test_configuration_that_lambda_or_the_extension_would_refuse_is_refused(
    function: dict[str, Any], said: str, tmp_path: Path
) -> None:
    """Before anything is packaged, with what to do."""
    with pytest.raises(tools.ToolFailed, match=re.escape(said)):
        serverless.package(tmp_path, {"billing": function})
