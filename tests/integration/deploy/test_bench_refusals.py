"""What `warmkey bench` does not measure, and why, told before anything is changed or at once."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import lambda_log
from tests.fakes.bench_command import BenchCommand
from tests.fakes.lambda_service import LAYER

MANAGED = {"LambdaManagedInstancesCapacityProviderConfig": {"CapacityProviderArn": "arn:…"}}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"CapacityProviderConfig": MANAGED}, "it runs on Lambda Managed Instances"),
        ({"DurableConfig": {"ExecutionTimeout": 60}}, "it is a durable function"),
        ({"TenancyConfig": {"TenantIsolationMode": "PER_TENANT"}}, "for each tenant"),
        ({"Runtime": "", "PackageType": "Image"}, "it is a container image"),
        ({"CodeSize": 60 * 1024**2}, "its code is 60 MB, and Lambda accepts at most 50 MB"),
        ({"CodeSha256": "another"}, "its code does not match its checksum"),
    ],
)
def test_a_function_without_cold_start_or_copy_is_refused(
    bench: BenchCommand, changes: dict[str, Any], reason: str
) -> None:
    """With the reason."""
    bench.aws.add("billing", **changes)
    result = bench.run()
    assert result.exit_code == 1
    assert reason in result.stderr
    assert bench.aws.calls["create_function"] == 0


def test_provisioned_concurrency_is_refused(bench: BenchCommand) -> None:
    """Its requests wait for no start."""
    bench.aws.provisioned = ("arn:aws:lambda:eu-central-1:123456789012:function:billing:live",)
    result = bench.run()
    assert result.exit_code == 1
    assert "it has provisioned concurrency (live): its environments start ahead" in result.stderr


def test_an_operator_who_may_not_ask_for_that_is_believed(bench: BenchCommand) -> None:
    """It is one permission less."""
    bench.aws.fail("list_provisioned", "AccessDeniedException")
    assert bench.run("--dry-run").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--in-place", "--qualifier", "live"], "--in-place works for $LATEST only"),
        (["--payload", "{"], "the payload is not JSON"),
        (["--payload", "{}", "--payload-file", "-"], "exclude each other"),
        (["--secret", "STRIPE_KEY=/stripe/{stage}"], "needs a stage"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    bench: BenchCommand, arguments: list[str], reason: str
) -> None:
    """Before anything is changed."""
    result = bench.run(*arguments)
    assert result.exit_code == 1
    assert reason in result.stderr
    assert bench.aws.calls["create_function"] == 0
    assert bench.aws.calls["update_function_configuration"] == 0


def test_snapshots_are_not_made_in_place(bench: BenchCommand) -> None:
    """They would be versions of the function."""
    bench.aws.add("billing", SnapStart={"ApplyOn": "PublishedVersions"})
    result = bench.run("--in-place")
    assert result.exit_code == 1
    assert "with SnapStart each start needs a version" in result.stderr


def test_a_function_that_is_not_there_is_told(bench: BenchCommand) -> None:
    """With what may be the matter."""
    del bench.aws.functions["billing"]
    result = bench.run("--qualifier", "live")
    assert result.exit_code == 1
    assert "no function of that name, or it has no live, in eu-central-1" in result.stderr


def test_a_handler_that_fails_ends_it(bench: BenchCommand) -> None:
    """The error's type is told; its message, which may hold anything, is not."""
    bench.aws.error = "KeyError"
    result = bench.run()
    assert result.exit_code == 1
    assert "the layer it fails: KeyError; its log (/aws/lambda/billing) says why" in result.stderr
    assert list(bench.aws.functions) == ["billing"]


def test_a_handler_that_fails_may_be_measured(bench: BenchCommand) -> None:
    """Its start is there nevertheless."""
    bench.aws.error = "no type; canary"
    result = bench.run("--invoke-errors", "count")
    assert result.exit_code == 0
    assert "14 of them ended with an error in the handler" in result.stderr


@pytest.mark.parametrize("status", ["timeout", "error"])
def test_an_init_phase_that_fails_ends_it_always(bench: BenchCommand, status: str) -> None:
    """It says nothing of how long a start takes."""
    bench.aws.in_log = lambda invocation: lambda_log.text(
        replace(invocation, init=10_000.0, init_status=status, error_type="Extension.Crash")
    )
    result = bench.run("--invoke-errors", "count")
    assert result.exit_code == 1
    assert f"it does not start: {status}" in result.stderr
    assert "after 10000 ms of its init phase; see its log" in result.stderr


def test_a_function_that_is_busy_is_called_again(bench: BenchCommand) -> None:
    """Lambda says so for a moment after an update."""
    said = "The operation cannot be performed at this time. The function is currently Pending"
    bench.aws.fail("invoke", "ResourceConflictException", said)
    assert bench.run().exit_code == 0


def test_another_version_of_the_layer_can_be_measured(bench: BenchCommand) -> None:
    """In place of the one that is there."""
    bench.aws.add("billing", Layers=[{"Arn": LAYER}])
    newer = LAYER.removesuffix(":1") + ":2"
    shown = bench.run("--layer", newer, "--dry-run").stdout
    assert f"+ layer 1: {newer}" in shown
