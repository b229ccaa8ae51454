"""`--plan-out` writes a plan, and `warmkey apply` carries it out if nothing has changed since."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.fakes.fleet import Fleet, layer_arn
from tests.fakes.operator import ACCOUNT, CANARY, REGION, Operator

KEY = ("--secret", "KEY=/key/live")


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with Warmkey's layers, and a function with a value of its own."""
    fleet = Fleet(operator)
    fleet.warmkey()
    fleet.function("billing", variables={"PASSWORD": CANARY})
    return fleet


def saved(operator: Operator, *arguments: str) -> Path:
    """The file of a plan."""
    result = operator.run(*arguments, "--plan-out", "plan.json")
    assert result.exit_code == 0, result.output
    assert "the plan is in plan.json: warmkey apply plan.json carries it out" in result.stderr
    return operator.folder / "plan.json"


def apply(operator: Operator, *arguments: str) -> Result:
    """Carry it out without being asked."""
    return operator.run("apply", "plan.json", "--yes", *arguments)


def test_a_saved_plan_changes_nothing(operator: Operator, fleet: Fleet) -> None:
    """It says what was shown, and for which account; no value that may be a secret is in it."""
    before = fleet["billing"]
    text = saved(operator, "attach", "billing", *KEY, "--with-policy").read_text()
    assert fleet["billing"] == before
    assert fleet.policies("billing") == {}
    plan = json.loads(text)
    assert (plan["account"], plan["region"]) == (ACCOUNT, REGION)
    subjects = [each["subject"] for each in plan["changes"]]
    assert subjects == [f"role billing-role, inline policy warmkey-{REGION}", "function billing"]
    assert CANARY not in text


def test_an_applied_plan_does_what_attach_would(operator: Operator, fleet: Fleet) -> None:
    """With the layer that was the newest when it was made; and detach puts everything back."""
    before = fleet["billing"]
    saved(operator, "attach", "billing", *KEY, "--with-policy")
    fleet.warmkey("9.0.0")
    result = apply(operator)
    assert result.exit_code == 0, result.output
    assert fleet["billing"].layers == (layer_arn("warmkey-x86_64"),)
    assert fleet["billing"].variables["KEY"] == "warmkey:/key/live"
    assert [*fleet.policies("billing")] == [f"warmkey-{REGION}"]
    assert operator.run("detach", "billing", "--yes").exit_code == 0
    after = fleet["billing"]
    assert (after.layers, after.variables) == (before.layers, before.variables)


def test_a_plan_to_detach_is_applied(operator: Operator, fleet: Fleet) -> None:
    """As one to attach is."""
    before = fleet["billing"]
    operator.run("attach", "billing", *KEY, "--yes")
    saved(operator, "detach", "billing")
    assert apply(operator).exit_code == 0
    assert fleet["billing"].variables == before.variables


def change_function(operator: Operator) -> None:
    """Somebody sets a variable."""
    operator.client("lambda").update_function_configuration(
        FunctionName="billing", Environment={"Variables": {"PASSWORD": CANARY, "KEY": "theirs"}}
    )


def change_role(operator: Operator) -> None:
    """Somebody writes into the policy."""
    operator.client("iam").put_role_policy(
        RoleName="billing-role",
        PolicyName=f"warmkey-{REGION}",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
                ],
            }
        ),
    )


def delete_function(operator: Operator) -> None:
    """Somebody deletes it."""
    operator.client("lambda").delete_function(FunctionName="billing")


@pytest.mark.parametrize("happens", [change_function, change_role, delete_function])
def test_a_plan_is_refused_where_something_has_changed_since(
    operator: Operator, fleet: Fleet, happens: Any
) -> None:
    """Of two functions neither is changed then."""
    fleet.function("mailing")
    saved(operator, "attach", "billing", "mailing", *KEY, "--with-policy")
    happens(operator)
    result = apply(operator)
    assert result.exit_code == 1
    assert "nothing was changed, as this is not as it was when it was planned: " in result.stderr
    assert "billing" in result.stderr.rpartition("planned: ")[2]
    assert "plan it again" in result.stderr
    assert not fleet["mailing"].layers


def test_a_plan_of_another_account_is_refused(operator: Operator, fleet: Fleet) -> None:
    """The account is the profile's, and a plan names its own."""
    file = saved(operator, "attach", "billing", *KEY)
    file.write_text(file.read_text().replace(ACCOUNT, "210987654321"))
    result = apply(operator)
    assert result.exit_code == 1
    told = f"the plan is for account 210987654321, and the credentials are of {ACCOUNT}"
    assert told in result.stderr
    assert not fleet["billing"].layers


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "plan.json is not a plan; make one"),
        ("[]", "plan.json is not a plan; make one"),
        ('{"request": null}', "plan.json is not a plan; make one"),
        (
            '{"warmkey": "0", "account": "", "region": "", "revisions": [], "changes": [],'
            ' "request": null}',
            "plan.json is not a plan; make one",
        ),
        (
            '{"warmkey": "0.0.1", "account": "", "region": "", "revisions": {}, "changes": [],'
            ' "request": null}',
            "plan.json was made by warmkey 0.0.1, and this is ",
        ),
    ],
    ids=["nothing", "a list", "half", "wrong types", "another version"],
)
def test_a_file_that_is_no_plan_is_refused(operator: Operator, text: str, told: str) -> None:
    """Nothing is asked of AWS."""
    (operator.folder / "plan.json").write_text(text)
    result = apply(operator)
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_file_that_is_not_there_is_said_so(operator: Operator) -> None:
    """By its name."""
    result = apply(operator)
    assert (result.exit_code, "plan.json can't be read: No such file" in result.stderr) == (2, True)


@pytest.mark.usefixtures("fleet")
def test_a_plan_that_can_not_be_written_is_said_so(operator: Operator) -> None:
    """It is a failure, as what it was for is not there."""
    result = operator.run("attach", "billing", *KEY, "--plan-out", "nowhere/plan.json")
    assert result.exit_code == 1
    assert "nowhere/plan.json can't be written: No such file" in result.stderr


def test_plan_and_outcome_are_told_as_json(operator: Operator, fleet: Fleet) -> None:
    """Nothing else stands on standard output."""
    fleet.function("taken", variables={"KEY": CANARY})
    result = operator.run("attach", "billing", "taken", *KEY, "--yes", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    [change] = told.pop("plan")
    assert change["subject"] == "function billing"
    assert change["after"]["KEY"] == "warmkey:/key/live"
    assert change["after"]["layer 1"] == layer_arn("warmkey-x86_64")
    assert "KEY=(a value, not shown)" in told.pop("failed")["taken"]
    assert told == {
        "notes": {},
        "done": ["billing"],
        "unchanged": [],
        "notBegun": [],
        "stopped": "",
    }


@pytest.mark.usefixtures("fleet")
def test_a_dry_run_as_json_tells_what_there_is_to_do(operator: Operator) -> None:
    """Nothing of it is done."""
    result = operator.run("attach", "billing", *KEY, "--dry-run", "--json")
    told = json.loads(result.stdout)
    assert (told["done"], told["notBegun"], len(told["plan"])) == ([], ["billing"], 1)
