"""`warmkey detach`: what attach changed is as it was."""

import pytest
from click.testing import Result

from tests.fakes.fleet import AWS_EXTENSION, Fleet, layer_arn
from tests.fakes.operator import CANARY, Operator

ALL = (
    *("--secret", "KEY=/key/{stage}", "--stage", "prod", "--stages", "prod=live,*=test"),
    *("--exec", "--with-policy", "--overwrite", "--replace-aws-extension"),
)


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with Warmkey's layers, and a function that has much already."""
    fleet = Fleet(operator)
    fleet.warmkey()
    fleet.function(
        "billing",
        fleet.layer("other"),
        fleet.layer(AWS_EXTENSION),
        variables={"LOG": "debug", "AWS_LAMBDA_EXEC_WRAPPER": "/opt/otel", "WARMKEY_STAGE": "dev"},
    )
    return fleet


def detach(operator: Operator, *arguments: str) -> Result:
    """Detach without being asked."""
    return operator.run("detach", "--yes", *arguments)


def attach(operator: Operator, *arguments: str) -> None:
    """Attach without being asked."""
    result = operator.run("attach", "--yes", *arguments)
    assert result.exit_code == 0, result.output


def test_a_detached_function_is_as_it_was(operator: Operator, fleet: Fleet) -> None:
    """Layers, variables, the other wrapper, AWS's own extension, and the role."""
    before = fleet["billing"]
    attach(operator, "billing", *ALL)
    assert fleet["billing"] != before
    assert fleet.policies("billing")
    result = detach(operator, "billing")
    assert result.exit_code == 0, result.output
    assert fleet["billing"] == before
    assert fleet.policies("billing") == {}


def test_a_dry_run_and_a_no_change_nothing(operator: Operator, fleet: Fleet) -> None:
    """The diff shows what would come back."""
    attach(operator, "billing", *ALL)
    attached = fleet["billing"]
    for result in (detach(operator, "billing", "--dry-run"), operator.run("detach", "billing")):
        assert f"+ layer 2: {layer_arn(AWS_EXTENSION)}" in result.stdout
        assert "+ AWS_LAMBDA_EXEC_WRAPPER: /opt/otel" in result.stdout
        assert "role billing-role, inline policy warmkey-eu-central-1" in result.stdout
    assert fleet["billing"] == attached


def test_detaching_again_changes_nothing(operator: Operator, fleet: Fleet) -> None:
    """Nor does it where the layer never was."""
    attach(operator, "billing", *ALL)
    fleet.function("plain")
    detach(operator, "billing")
    operator.deny("lambda.UpdateFunctionConfiguration")
    result = detach(operator, "billing", "plain")
    assert (result.exit_code, result.stdout) == (0, "nothing to change\n")


def test_a_value_that_was_not_kept_is_asked_for(operator: Operator, fleet: Fleet) -> None:
    """It was no reference, so it may have been a secret."""
    fleet.function("checkout", variables={"KEY": CANARY})
    attach(operator, "checkout", *ALL)
    result = detach(operator, "checkout")
    assert "checkout: KEY had a value that was not kept; set it again" in result.stderr
    assert fleet["checkout"].variables == {}


def test_a_value_that_is_set_anew_is_not_asked_for(operator: Operator, fleet: Fleet) -> None:
    """It stays, as somebody else has set it since."""
    fleet.function("checkout", variables={"KEY": CANARY})
    attach(operator, "checkout", *ALL)
    anew = {**fleet["checkout"].variables, "KEY": CANARY}
    operator.client("lambda").update_function_configuration(
        FunctionName="checkout", Environment={"Variables": anew}
    )
    assert "was not kept" not in detach(operator, "checkout").stderr
    assert fleet["checkout"].variables == {"KEY": CANARY}


def test_a_reference_that_attach_did_not_set_stays_and_is_told(
    operator: Operator, fleet: Fleet
) -> None:
    """Nothing reads it any more."""
    fleet.function("mail", layer_arn("warmkey-x86_64"), variables={"KEY": "warmkey:/key"})
    result = detach(operator, "mail")
    assert "mail: KEY remains warmkey:/key" in result.stderr
    assert (fleet["mail"].layers, fleet["mail"].variables) == ((), {"KEY": "warmkey:/key"})


def test_a_policy_that_cannot_be_deleted_is_named(operator: Operator, fleet: Fleet) -> None:
    """The function is detached nevertheless."""
    attach(operator, "billing", *ALL)
    operator.deny("iam.DeleteRolePolicy")
    result = detach(operator, "billing")
    assert result.exit_code == 1
    assert "role billing-role: DeleteRolePolicy: AccessDenied" in result.stderr
    assert fleet["billing"].layers == (layer_arn("other"), layer_arn(AWS_EXTENSION))


def test_a_policy_that_somebody_deleted_is_not_missed(operator: Operator, fleet: Fleet) -> None:
    """It is gone already."""
    attach(operator, "billing", *ALL)
    operator.client("iam").delete_role_policy(
        RoleName="billing-role", PolicyName="warmkey-eu-central-1"
    )
    assert detach(operator, "billing").exit_code == 0
    assert fleet["billing"].layers == (layer_arn("other"), layer_arn(AWS_EXTENSION))


def test_a_policy_that_was_left_behind_is_deleted_by_the_next_detach(
    operator: Operator, fleet: Fleet
) -> None:
    """The function no longer knows of it, but its role is looked at."""
    attach(operator, "billing", *ALL)
    with operator.denying("iam.DeleteRolePolicy"):
        assert detach(operator, "billing").exit_code == 1
    assert fleet.policies("billing")
    result = detach(operator, "billing")
    assert result.exit_code == 0, result.output
    assert "role billing-role, inline policy warmkey-eu-central-1" in result.stdout
    assert fleet.policies("billing") == {}


def test_detach_without_sight_of_roles_detaches_what_got_no_policy(
    operator: Operator, fleet: Fleet
) -> None:
    """No role has anything to do with it."""
    fleet.function("plain")
    attach(operator, "plain", "--secret", "KEY=/key")
    operator.deny("iam.ListRolePolicies")
    operator.deny("iam.GetRolePolicy")
    result = detach(operator, "plain")
    assert result.exit_code == 0, result.output
    assert not fleet["plain"].layers
