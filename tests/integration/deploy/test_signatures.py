"""Code-signing configurations: a function may demand that its layers be signed."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.fakes.fleet import Fleet, layer_arn
from tests.fakes.operator import ACCOUNT, REGION, Operator

PROFILE = f"arn:aws:signer:{REGION}:{ACCOUNT}:/signing-profiles/acme/a1b2c3d4e5"
CONFIG = f"arn:aws:lambda:{REGION}:{ACCOUNT}:code-signing-config:csc-0f6c334abcdea4d8b"
WARMKEY = layer_arn("warmkey-x86_64")


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with Warmkey's layers and two functions, of which the code of one is signed."""
    fleet = Fleet(operator)
    fleet.warmkey()
    fleet.function("billing")
    fleet.function("unsigned")
    functions = {
        name: operator.client("lambda").get_function(FunctionName=name)
        for name in ("billing", "unsigned")
    }
    functions["billing"]["Configuration"]["SigningProfileVersionArn"] = PROFILE
    operator.answer("lambda.GetFunction", lambda asked: functions[asked["FunctionName"]])
    return fleet


def demand(operator: Operator, policy: str, *, signer: str = "") -> list[str]:
    """Have Lambda demand signatures.

    Args:
        operator: The operator.
        policy: What becomes of what is not signed: `Enforce` or `Warn`.
        signer: The profile that has signed the layer.

    Returns:
        The functions that were asked about, as they are.
    """
    asked: list[str] = []

    def of_function(parameters: Mapping[str, Any]) -> dict[str, str]:
        asked.append(parameters["FunctionName"])
        return {"FunctionName": asked[-1], "CodeSigningConfigArn": CONFIG}

    operator.answer("lambda.GetFunctionCodeSigningConfig", of_function)
    operator.answer(
        "lambda.GetCodeSigningConfig",
        lambda _: {
            "CodeSigningConfig": {
                "AllowedPublishers": {"SigningProfileVersionArns": [PROFILE]},
                "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": policy},
            }
        },
    )
    content = {"SigningProfileVersionArn": signer} if signer else {}
    operator.answer("lambda.GetLayerVersion", lambda _: {"Content": content})
    return asked


@pytest.mark.usefixtures("fleet")
def test_layer_without_the_signature_that_is_demanded_is_refused_before_anything_changes(
    operator: Operator,
) -> None:
    """Of a function whose code is signed; no other is asked about."""
    asked = demand(operator, "Enforce")
    result = operator.run("attach", "billing", "unsigned", "--dry-run")
    assert result.exit_code == 1
    said = " ".join(result.stderr.split())
    assert (
        f"billing: its code-signing configuration demands a signature that {WARMKEY} lacks" in said
    )
    assert "sign the layer's zip with AWS Signer" in said
    assert "function unsigned" in result.stdout
    assert asked == ["billing"]


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    ("policy", "signer"), [("Warn", ""), ("Enforce", PROFILE)], ids=["warns", "is signed"]
)
def test_layer_that_lambda_would_take_is_not_refused(
    operator: Operator, policy: str, signer: str
) -> None:
    """Where Lambda only warns, and where an allowed profile has signed the layer."""
    demand(operator, policy, signer=signer)
    assert operator.run("attach", "billing", "--dry-run").exit_code == 0


@pytest.mark.usefixtures("fleet")
def test_demand_that_may_not_be_seen_is_left_to_lambda(operator: Operator) -> None:
    """It needs a permission that attach does without otherwise."""
    operator.deny("lambda.GetFunctionCodeSigningConfig")
    assert operator.run("attach", "billing", "--dry-run").exit_code == 0


@pytest.mark.usefixtures("fleet")
def test_doctor_finds_a_layer_that_would_be_refused(operator: Operator) -> None:
    """Before anybody tries to attach it."""
    demand(operator, "Enforce")
    found = json.loads(operator.run("doctor", "billing", "--json").stdout)
    [problem] = [each["problem"] for each in found if "code-signing" in each["problem"]]
    assert problem == f"its code-signing configuration demands a signature that {WARMKEY} lacks"
