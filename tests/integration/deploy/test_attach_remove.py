"""`warmkey attach --remove`: one secret goes, and the others stay."""

import pytest
from click.testing import Result

from tests.fakes.fleet import Fleet
from tests.fakes.operator import CANARY, REGION, Operator

BOTH = ("--secret", "ONE=/one", "--secret", "TWO=/two")


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with Warmkey's layers, and a function."""
    fleet = Fleet(operator)
    fleet.warmkey()
    fleet.function("billing", variables={"LOG": "debug", "TWO": "warmkey:/former"})
    return fleet


def attach(operator: Operator, *arguments: str) -> Result:
    """Attach without being asked."""
    return operator.run("attach", "billing", "--yes", "--overwrite", *arguments)


def test_a_removed_variable_becomes_what_it_was(operator: Operator, fleet: Fleet) -> None:
    """One that was not there is gone; and detach puts back the rest as ever."""
    before = fleet["billing"]
    attach(operator, *BOTH)
    result = attach(operator, "--remove", "ONE", "--remove", "TWO")
    assert result.exit_code == 0, result.output
    assert fleet["billing"].variables == before.variables
    assert fleet["billing"].layers
    operator.run("detach", "billing", "--yes")
    assert (fleet["billing"].variables, fleet["billing"].layers) == (before.variables, ())


def test_a_removed_secret_leaves_the_role_s_policy(operator: Operator, fleet: Fleet) -> None:
    """That of the others stays; with the last the policy goes."""
    attach(operator, *BOTH, "--with-policy")
    assert attach(operator, "--remove", "ONE").exit_code == 0
    [statement] = fleet.policies("billing")[f"warmkey-{REGION}"]["Statement"]
    assert [arn.partition("parameter")[2] for arn in statement["Resource"]] == ["/two"]
    attach(operator, "--secret", "TWO=/two", "--with-policy")


def test_the_last_removed_secret_takes_the_policy_along(operator: Operator, fleet: Fleet) -> None:
    """IAM takes no policy without a statement."""
    fleet.function("mailing")
    operator.run("attach", "mailing", "--yes", "--with-policy", "--secret", "KEY=/key")
    result = operator.run("attach", "mailing", "--yes", "--remove", "KEY")
    assert (result.exit_code, fleet.policies("mailing")) == (0, {}), result.output


def test_a_variable_that_attach_has_not_set_is_not_removed(
    operator: Operator, fleet: Fleet
) -> None:
    """Detach could not put it back."""
    result = attach(operator, "--remove", "LOG")
    assert result.exit_code == 1
    assert "billing: attach has not set LOG, or somebody has changed it since" in result.stderr
    assert not fleet["billing"].layers


@pytest.mark.usefixtures("fleet")
def test_a_variable_is_not_both_set_and_removed(operator: Operator) -> None:
    """Exit code 2, as it can be told without AWS."""
    result = attach(operator, *BOTH, "--remove", "ONE")
    assert (result.exit_code, "ONE is both set and removed" in result.stderr) == (2, True)


def test_a_value_that_was_not_kept_is_said_so(operator: Operator, fleet: Fleet) -> None:
    """It may have been the secret itself."""
    fleet.function("mailing", variables={"KEY": CANARY})
    secret = ("--secret", "KEY=/key")
    operator.run("attach", "mailing", "--yes", "--overwrite", *secret)
    result = operator.run("attach", "mailing", "--yes", "--remove", "KEY")
    assert "mailing: KEY had a value that was not kept; set it again" in result.stderr
    assert "KEY" not in fleet["mailing"].variables
