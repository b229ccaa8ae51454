"""`warmkey bench` leaves nothing behind, by whatever way it ends, or says what it leaves."""

import signal

import pytest

from tests.fakes.bench_command import BenchCommand
from tests.fakes.lambda_service import LAYER
from tests.fakes.operator import CANARY

WHERE = "--region eu-central-1 --function-name billing"
DELETE = "aws lambda delete-function --region eu-central-1 --function-name warmkey-bench-billing-"


@pytest.mark.parametrize(
    "step", ["code", "create_function", "update_function_configuration", "invoke"]
)
def test_ctrl_c_at_any_step_leaves_no_copy(bench: BenchCommand, step: str) -> None:
    """One that is just being made, too."""
    code, said = bench.interrupted(step)
    assert code == 1
    assert "what was changed is restored\n" in said
    assert said.endswith("Aborted!\n")
    assert list(bench.aws.functions) == ["billing"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_leave_no_copy_either(bench: BenchCommand, number: int) -> None:
    """As a build server sends them, or a terminal that is closed."""
    code, said = bench.interrupted("invoke", number=number)
    assert code == 1
    assert "what was changed is restored\n" in said
    assert list(bench.aws.functions) == ["billing"]


def test_ctrl_c_once_does_not_stop_the_clearing_up(bench: BenchCommand) -> None:
    """It says how to."""
    code, said = bench.interrupted("delete_function")
    assert code == 0
    assert "restoring what was changed; interrupt again to leave it as it is\n" in said
    assert list(bench.aws.functions) == ["billing"]


def test_ctrl_c_twice_stops_the_clearing_up(bench: BenchCommand) -> None:
    """And what may be left is told."""
    code, said = bench.interrupted("delete_function", times=2)
    assert code == 1
    assert "what was changed is not restored: interrupted; restore it by:\n" in said
    assert f"  {DELETE}" in said


@pytest.mark.parametrize("step", ["update_function_configuration", "invoke"])
def test_ctrl_c_in_place_makes_the_function_what_it_was(bench: BenchCommand, step: str) -> None:
    """Layers and variables."""
    before = bench.aws.functions["billing"].described["Environment"]
    bench.interrupted(step, "--in-place")
    after = bench.aws.functions["billing"].described
    assert after["Environment"] == before
    assert not after.get("Layers")


def test_throttling_does_not_keep_it_from_clearing_up(bench: BenchCommand) -> None:
    """It tries again."""
    bench.aws.fail("delete_function", "TooManyRequestsException", "Rate exceeded")
    bench.aws.fail("delete_function", "ResourceConflictException", "An update is in progress")
    assert bench.run().exit_code == 0
    assert list(bench.aws.functions) == ["billing"]


def test_a_copy_that_can_not_be_deleted_is_told(bench: BenchCommand) -> None:
    """With the command to do it by hand, and the figures nevertheless."""
    bench.aws.fail("delete_function", "AccessDeniedException", "not authorized")
    result = bench.run()
    assert result.exit_code == 1
    assert "what was changed is not restored: DeleteFunction: AccessDenied" in result.stderr
    [left] = set(bench.aws.functions) - {"billing"}
    assert left.endswith("-without")
    assert f"  {DELETE}" in result.stderr
    assert left in result.stderr.partition("restore it by:")[2]
    assert "init, ms" in result.stdout


def test_a_copy_that_can_not_be_made_takes_the_other_with_it(bench: BenchCommand) -> None:
    """And Lambda's reason is told."""
    bench.aws.watch(
        "create_function",
        lambda: bench.aws.fail("create_function", "AccessDeniedException", "iam:PassRole"),
    )
    result = bench.run()
    assert result.exit_code == 1
    assert "CreateFunction: AccessDeniedException: iam:PassRole" in result.stderr
    assert list(bench.aws.functions) == ["billing"]


def test_a_copy_whose_answer_got_lost_is_used(bench: BenchCommand) -> None:
    """It was made, as the second attempt hears."""
    bench.aws.lose_answer("create_function")
    assert bench.run().exit_code == 0
    assert list(bench.aws.functions) == ["billing"]


def test_a_function_measured_in_place_is_what_it_was(bench: BenchCommand) -> None:
    """After it has been the one and the other."""
    before = dict(bench.aws.functions["billing"].described)
    result = bench.run("--in-place", "--secret", "STRIPE_KEY=/stripe/live")
    assert result.exit_code == 0
    assert "changes the function itself" in result.stdout
    after = bench.aws.functions["billing"].described
    assert after["Environment"] == before["Environment"]
    assert not after["Layers"]
    assert bench.aws.calls["create_function"] == 0


def test_a_change_of_a_function_measured_in_place_is_not_lost(bench: BenchCommand) -> None:
    """It ends, and takes away what is its own."""
    function = bench.aws.functions["billing"]

    def deploy() -> None:
        function.described["Environment"]["Variables"]["THEIRS"] = CANARY
        function.described["RevisionId"] = "70"

    bench.aws.watch("invoke", deploy)
    result = bench.run("--in-place")
    assert result.exit_code == 1
    assert "somebody else changed it meanwhile; run this again" in result.stderr
    assert function.described["Environment"]["Variables"] == {"PLAIN": CANARY, "THEIRS": CANARY}
    assert not function.described["Layers"]


def test_a_function_left_changed_in_place_is_told_without_a_secret(bench: BenchCommand) -> None:
    """The command reads the variables where they are."""
    bench.aws.add("billing", Environment={"Variables": {"PLAIN": CANARY}}, Layers=[{"Arn": LAYER}])
    bench.aws.watch(
        "invoke",
        lambda: bench.aws.fail("get_function", "AccessDeniedException", "expired", times=99),
    )
    result = bench.run("--in-place")
    assert result.exit_code == 1
    command = result.stderr.partition("restore it by:\n")[2]
    assert f"update-function-configuration {WHERE} --layers {LAYER}" in command
    assert "del(.Variables.BENCH_BY_WARMKEY)" in command
