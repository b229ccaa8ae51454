"""`warmkey attach`: functions that exist get the layer and what they need."""

import pytest
from click.testing import Result

from tests.fakes.fleet import AWS_EXTENSION, Fleet, layer_arn
from tests.fakes.operator import CANARY, Operator

STRIPE = ("--secret", "STRIPE_SECRET_KEY=/stripeSecretKey/{stage}")
STAGES = ("--stage", "prod", "--stages", "prod=live,*=test")


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with Warmkey's layers, and a function that has another one."""
    fleet = Fleet(operator)
    fleet.warmkey()
    fleet.function("billing", fleet.layer("other"), variables={"LOG": "debug"})
    return fleet


def attach(operator: Operator, *arguments: str) -> Result:
    """Attach without being asked."""
    return operator.run("attach", "--yes", *arguments)


def test_a_function_gets_the_layer_and_its_secrets(operator: Operator, fleet: Fleet) -> None:
    """Beside what it has; only references stand in its variables."""
    result = attach(operator, "billing", *STRIPE, *STAGES)
    assert result.exit_code == 0, result.output
    assert fleet["billing"].layers == (layer_arn("other"), layer_arn("warmkey-x86_64"))
    variables = dict(fleet["billing"].variables)
    assert variables.pop("ATTACHED_BY_WARMKEY")
    assert variables == {
        "LOG": "debug",
        "STRIPE_SECRET_KEY": "warmkey:/stripeSecretKey/{stage}",
        "WARMKEY_STAGE": "prod",
        "WARMKEY_STAGES": "prod=live,*=test",
    }


def test_the_layer_is_the_architectures_newest(operator: Operator, fleet: Fleet) -> None:
    """Of those that are published here."""
    fleet.warmkey("0.2.0")
    fleet.function("thumbnails", architecture="arm64")
    attach(operator, "thumbnails")
    assert fleet["thumbnails"].layers == (layer_arn("warmkey-arm64", 2),)


def test_a_layer_may_be_named(operator: Operator, fleet: Fleet) -> None:
    """Each architecture takes the one that is for it."""
    named = ("--layer", layer_arn("warmkey-x86_64"), "--layer", layer_arn("warmkey-arm64"))
    fleet.warmkey("0.2.0")
    fleet.function("thumbnails", architecture="arm64")
    attach(operator, "billing", "thumbnails", *named)
    assert fleet["billing"].layers[1] == layer_arn("warmkey-x86_64")
    assert fleet["thumbnails"].layers == (layer_arn("warmkey-arm64"),)


def test_a_named_layer_for_another_architecture_is_refused(
    operator: Operator, fleet: Fleet
) -> None:
    """Its executable would not start, and the function with it."""
    result = attach(operator, "billing", "--layer", layer_arn("warmkey-arm64"))
    assert result.exit_code == 1
    assert "it runs on x86_64, and " in result.stderr
    assert "is for arm64; name a layer for x86_64 with --layer, too" in result.stderr
    assert fleet["billing"].layers == (layer_arn("other"),)


def test_an_older_version_is_replaced_in_place(operator: Operator, fleet: Fleet) -> None:
    """So attaching again is how a function is brought up to date."""
    attach(operator, "billing")
    fleet.warmkey("0.2.0")
    result = attach(operator, "billing")
    assert f"- layer 2: {layer_arn('warmkey-x86_64', 1)}" in result.stdout
    assert fleet["billing"].layers == (layer_arn("other"), layer_arn("warmkey-x86_64", 2))


@pytest.mark.usefixtures("fleet")
def test_attaching_again_changes_nothing(operator: Operator) -> None:
    """Nor is Lambda asked to."""
    arguments = ("billing", *STRIPE, *STAGES, "--exec")
    attach(operator, *arguments)
    operator.deny("lambda.UpdateFunctionConfiguration")
    result = attach(operator, *arguments)
    assert (result.exit_code, result.stdout) == (0, "nothing to change\n")


def test_a_dry_run_changes_nothing(operator: Operator, fleet: Fleet) -> None:
    """It shows what would change."""
    before = fleet["billing"]
    result = attach(operator, "billing", *STRIPE, *STAGES, "--dry-run")
    assert f"+ layer 2: {layer_arn('warmkey-x86_64')}" in result.stdout
    assert "+ STRIPE_SECRET_KEY: warmkey:/stripeSecretKey/{stage}" in result.stdout
    assert fleet["billing"] == before


@pytest.mark.parametrize(
    ("answer", "exit_code", "layers"), [("y\n", 0, 2), ("n\n", 1, 1), ("", 1, 1)]
)
def test_attach_changes_nothing_without_a_yes(
    operator: Operator, fleet: Fleet, answer: str, exit_code: int, layers: int
) -> None:
    """The diff comes first; where nobody answers, that is no yes."""
    result = operator.run("attach", "billing", standard_input=answer)
    assert result.exit_code == exit_code
    assert result.output.index("+ layer 2") < result.output.index("Make these changes?")
    assert len(fleet["billing"].layers) == layers
    assert ("there was no answer; pass --yes" in result.stderr) == (not answer)


def test_another_value_of_a_variable_is_refused(operator: Operator, fleet: Fleet) -> None:
    """It is not shown, as it may be the secret that is to move."""
    fleet.function("checkout", variables={"STRIPE_SECRET_KEY": CANARY})
    result = attach(operator, "checkout", *STRIPE, *STAGES)
    assert result.exit_code == 1
    shown = "STRIPE_SECRET_KEY=(a value, not shown)"
    assert f"checkout: these variables have other values already: {shown}" in result.stderr
    assert fleet["checkout"].variables == {"STRIPE_SECRET_KEY": CANARY}


def test_another_value_is_overwritten_on_request(operator: Operator, fleet: Fleet) -> None:
    """It is said that it goes for good."""
    fleet.function("checkout", variables={"STRIPE_SECRET_KEY": CANARY})
    result = attach(operator, "checkout", *STRIPE, *STAGES, "--overwrite")
    assert "the value of STRIPE_SECRET_KEY is overwritten, and not kept" in result.stderr
    assert CANARY not in str(dict(fleet["checkout"].variables))


def test_the_exec_wrapper_chains_another_one(operator: Operator, fleet: Fleet) -> None:
    """Which is run after it."""
    fleet.function("traced", variables={"AWS_LAMBDA_EXEC_WRAPPER": "/opt/otel-instrument"})
    attach(operator, "traced", "--exec")
    variables = fleet["traced"].variables
    assert variables["AWS_LAMBDA_EXEC_WRAPPER"] == "/opt/warmkey-exec"
    assert variables["WARMKEY_NEXT_WRAPPER"] == "/opt/otel-instrument"


def test_aws_extension_is_offered_to_be_replaced(operator: Operator, fleet: Fleet) -> None:
    """Then it makes place."""
    fleet.function("legacy", fleet.layer(AWS_EXTENSION), fleet.layer("more"))
    result = attach(operator, "legacy")
    assert result.exit_code == 1
    assert "pass --replace-aws-extension" in result.stderr
    attach(operator, "legacy", "--replace-aws-extension")
    assert fleet["legacy"].layers == (layer_arn("warmkey-x86_64"), layer_arn("more"))


def test_a_function_that_cannot_have_the_layer_is_told_with_what_to_do(
    operator: Operator, fleet: Fleet
) -> None:
    """And keeps no other function from having it."""
    fleet.image("container")
    fleet.function("binary", runtime="provided.al2023")
    result = attach(operator, "container", "binary", "missing", "billing", "--exec")
    assert result.exit_code == 1
    assert "container: it is a container image, which can't have layers; copy" in result.stderr
    assert (
        "binary: its runtime provided.al2023 does not support exec wrappers; attach"
        in result.stderr
    )
    assert "missing: there is no function of that name in eu-central-1; is it" in result.stderr
    assert "1 attached, 3 failed: container, binary, missing" in result.stderr
    assert len(fleet["billing"].layers) == 2
