"""The arms of a bench, the copies that they are, and what a function is to be in the end."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.fleet import function_arn, layer_arn
from warmkey.deploy.bench.target import blueprint, in_place
from warmkey.deploy.bench.target.arm import MARK, Arm, moved
from warmkey.deploy.bench.target.original import Original
from warmkey.deploy.functions import configuration
from warmkey.deploy.functions.configuration import Configuration

LAYER = layer_arn("warmkey-x86_64")
PLAIN: Mapping[str, Any] = {
    "FunctionArn": function_arn("billing"),
    "FunctionName": "billing",
    "Role": "arn:aws:iam::123456789012:role/billing",
    "Runtime": "python3.13",
    "Environment": {"Variables": {"PLAIN": "1"}},
}


def before(**variables: str) -> Configuration:
    """The function, with more variables."""
    found = configuration.read(PLAIN)
    return replace(found, variables={**found.variables, **variables})


def arms(function: Configuration) -> tuple[Arm, Arm]:
    """Without the layer, as it is; and with it and a secret."""
    variables = {**function.variables, "KEY": "warmkey:/key"}
    with_it = replace(function, layers=(*function.layers, LAYER), variables=variables)
    return Arm("without", function), Arm("with", with_it)


def copied(**described: Any) -> dict[str, Any]:
    """What a copy is created by."""
    original = Original("billing", "", {"Configuration": {**PLAIN, **described}})
    return blueprint.request(original, arms(original.configuration)[1], "copy", b"zip")


def test_a_copy_is_asked_for_by_what_lambda_takes() -> None:
    """Which is less than what it tells, and not always in the same form."""
    made = copied(
        Layers=[{"Arn": LAYER, "CodeSize": 1}],
        SnapStart={"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"},
        TracingConfig={"Mode": "Active"},
        EphemeralStorage={"Size": 1024},
        State="Active",
        CodeSha256="x",
        DeadLetterConfig={},
        KMSKeyArn="",
        LoggingConfig={"LogFormat": "JSON", "LogGroup": "/mine", "SystemLogLevel": "INFO"},
    )
    assert made == {
        "FunctionName": "copy",
        "Runtime": "python3.13",
        "Role": "arn:aws:iam::123456789012:role/billing",
        "Code": {"ZipFile": b"zip"},
        "Environment": {"Variables": {"PLAIN": "1", "KEY": "warmkey:/key"}},
        "Layers": [LAYER, LAYER],
        "SnapStart": {"ApplyOn": "PublishedVersions"},
        "TracingConfig": {"Mode": "Active"},
        "EphemeralStorage": {"Size": 1024},
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/mine", "SystemLogLevel": "INFO"},
        "Tags": {"warmkey-bench": "billing"},
    }


@pytest.mark.parametrize("name", ["billing", "b" * 64])
def test_a_copys_name_fits(name: str) -> None:
    """And tells what it is of, which run made it, and which of the two it is."""
    original = Original(name, "", {"Configuration": {**PLAIN, "FunctionArn": function_arn(name)}})
    made = [blueprint.name_of(original, arm, "3f9a1c") for arm in arms(before())]
    assert all(len(each) <= 64 and each.startswith("warmkey-bench-b") for each in made)
    assert made[0].endswith("-3f9a1c-without")
    assert made[1].endswith("-3f9a1c-with")


def test_an_arm_moves_to_another_function() -> None:
    """With all that it is."""
    arm = moved(arms(before())[1], function_arn("copy"))
    assert arm.configuration.name == "copy"
    assert arm.configuration.layers == (LAYER,)


def test_the_function_is_in_the_end_what_it_was() -> None:
    """Whichever arm it was last."""
    function = before()
    for arm in arms(function):
        now = replace(arm.configuration, variables=arm.marked("3.0"))
        assert in_place.restored(now, function, arms(function)) == function


def test_a_variable_that_an_arm_lacks_is_there_again() -> None:
    """As where the function had the layer, and the other arm is without."""
    function = replace(before(KEY="warmkey:/key"), layers=(LAYER,))
    both = (Arm("without", before()), Arm("with", function))
    now = replace(before(), variables=both[0].marked("3.0"))
    assert in_place.restored(now, function, both) == function


def test_a_change_by_somebody_else_stays() -> None:
    """Their layers, their variables, and what they made of the bench's."""
    function = before()
    now = replace(
        function, layers=("theirs",), variables={"PLAIN": "2", "KEY": "mine", "NEW": "3", MARK: "1"}
    )
    found = in_place.restored(now, function, arms(function))
    assert found.layers == ("theirs",)
    assert found.variables == {"PLAIN": "2", "KEY": "mine", "NEW": "3"}
