"""Rollouts go wave by wave, as long as nothing speaks against it."""

from typing import Any

import pytest
from click.testing import Result

from tests.fakes.fleet import Fleet, layer_arn
from tests.fakes.operator import REGION, Operator

NAMES = [f"worker-{number}" for number in range(5)]
KEY = ("--secret", "KEY=/key")


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with Warmkey's layers, and five functions that share a role."""
    fleet = Fleet(operator)
    fleet.warmkey()
    fleet.function("worker-0")
    for name in NAMES[1:]:
        fleet.function(name, role=fleet["worker-0"].role)
    return fleet


def attach(operator: Operator, *arguments: str) -> Result:
    """Attach to all of them, in waves of two."""
    return operator.run("attach", *NAMES, *KEY, "--yes", "--with-policy", "--wave=2", *arguments)


def attached(fleet: Fleet) -> list[str]:
    """Those that have the layer."""
    return [name for name in NAMES if fleet[name].layers]


def ring(operator: Operator, state: str) -> None:
    """Put the alarm into a state."""
    client = operator.client("cloudwatch")
    client.put_metric_alarm(
        AlarmName="errors",
        MetricName="Errors",
        Namespace="AWS/Lambda",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    client.set_alarm_state(AlarmName="errors", StateValue=state, StateReason="a test")


def test_waves_reach_every_function(operator: Operator, fleet: Fleet) -> None:
    """The last is smaller."""
    ring(operator, "OK")
    result = attach(operator, "--alarm=errors", "--pause=0.001")
    assert (result.exit_code, attached(fleet)) == (0, NAMES), result.output


def test_an_alarm_ends_a_rollout(operator: Operator, fleet: Fleet) -> None:
    """What is done stays, and has its policy; the rest is not begun; running it again goes on."""
    updates = 0

    def count(_: Any) -> dict[str, Any]:
        nonlocal updates
        updates += 1
        state = "ALARM" if updates > 3 else "OK"  # asked at the beginning, and before each wave
        return {"MetricAlarms": [{"AlarmName": "errors", "StateValue": state}], **NO_OTHERS}

    operator.answer("cloudwatch.DescribeAlarms", count)
    result = attach(operator, "--alarm=errors")
    assert result.exit_code == 1
    assert "stopped: alarm errors is in the state ALARM; not begun: worker-4" in result.stderr
    assert "4 attached, 1 not begun" in result.stderr
    assert attached(fleet) == NAMES[:4]
    assert [*fleet.policies("worker-0")] == [f"warmkey-{REGION}"]


NO_OTHERS: dict[str, Any] = {"CompositeAlarms": []}


def test_an_alarm_that_rings_already_lets_nothing_begin(operator: Operator, fleet: Fleet) -> None:
    """And no policy stays behind."""
    ring(operator, "ALARM")
    result = attach(operator, "--alarm=errors")
    assert result.exit_code == 1
    assert (attached(fleet), fleet.policies("worker-0")) == ([], {})


@pytest.mark.usefixtures("fleet")
def test_an_alarm_that_is_not_there_is_said_so(operator: Operator) -> None:
    """Before anything is planned."""
    result = attach(operator, "--alarm=none")
    assert result.exit_code == 1
    assert f"there is no alarm none in {REGION}" in result.stderr


def test_a_rollout_ends_after_so_many_failures(operator: Operator, fleet: Fleet) -> None:
    """Of those of the same wave each is tried."""
    operator.deny("lambda.UpdateFunctionConfiguration")
    result = attach(operator, "--stop-after=1")
    assert result.exit_code == 1
    assert "stopped: 2 failed, and --stop-after is 1; not begun: worker-2, " in result.stderr
    assert (attached(fleet), fleet.policies("worker-0")) == ([], {})


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize("option", ["--pause=1", "--alarm=errors"])
def test_an_option_of_waves_without_them_is_refused(operator: Operator, option: str) -> None:
    """It would have no effect."""
    result = operator.run("attach", *NAMES, *KEY, "--yes", option)
    assert result.exit_code == 2
    assert "--pause and --alarm are for waves; pass --wave, too" in result.stderr


def test_upgrade_gives_the_newest_layer_to_all_that_are_behind(
    operator: Operator, fleet: Fleet
) -> None:
    """And changes nothing else; others are left alone."""
    operator.run("attach", *NAMES[:2], *KEY, "--yes", "--stage=prod")
    before = [fleet[name].variables for name in NAMES]
    fleet.warmkey("9.0.0")
    result = operator.run("upgrade", "--yes")
    assert result.exit_code == 0, result.output
    assert [fleet[name].layers for name in NAMES] == [(layer_arn("warmkey-x86_64", 2),)] * 2 + [
        ()
    ] * 3
    assert [fleet[name].variables for name in NAMES] == before
    again = operator.run("upgrade", "--yes")
    assert (again.exit_code, "none is behind" in again.stderr) == (0, True)


def test_upgrade_may_be_told_which_functions(operator: Operator, fleet: Fleet) -> None:
    """Of those that are behind."""
    operator.run("attach", *NAMES[:2], *KEY, "--yes")
    fleet.warmkey("9.0.0")
    assert operator.run("upgrade", "worker-1", "--yes").exit_code == 0
    newest = layer_arn("warmkey-x86_64", 2)
    assert [name for name in NAMES if newest in fleet[name].layers] == ["worker-1"]


def test_upgrade_says_what_is_not_published_yet(operator: Operator, fleet: Fleet) -> None:
    """A function can be behind the version of this command."""
    fleet.layer("warmkey-x86_64", "Warmkey 0.0.1", ["x86_64"])
    operator.run("attach", "worker-0", "--yes")
    result = operator.run("upgrade", "--yes")
    assert result.exit_code == 0
    assert "worker-0: nothing newer is published here (warmkey publish)" in result.stderr
