"""`warmkey bench`: pairs of cold starts of a real function, on two copies of it."""

import json
import re
from dataclasses import replace

import pytest

from tests.fakes import lambda_log
from tests.fakes.bench_command import BenchCommand
from tests.fakes.lambda_function import Function
from tests.fakes.lambda_log import Form
from tests.fakes.lambda_service import LAYER
from tests.fakes.operator import CANARY
from warmkey.deploy.report import Bench

REFERENCE = ("--secret", "STRIPE_KEY=/stripe/live")


def report(bench: BenchCommand, folder: str = "warmkey-bench-billing") -> Bench:
    """What was reported."""
    return Bench.from_json((bench.folder / folder / "bench.json").read_bytes())


@pytest.mark.parametrize("form", [lambda_log.text, lambda_log.as_json])
def test_two_arms_are_measured_and_compared(bench: BenchCommand, form: Form) -> None:
    """Whatever the log's format; the layer takes 9 ms here."""
    bench.aws.in_log = form
    result = bench.run(*REFERENCE)
    assert result.exit_code == 0
    assert re.search(
        r"^init, ms +10\d \(.+\) +11\d \(.+\) +\d+(\.\d)? \(.+\) *$", result.stdout, re.M
    )
    assert "14 invocations, 1.6 s billed: $0.000016" in result.stderr
    series = {each.label: each.samples[0] for each in report(bench).experiments[0].series}
    assert [len(samples) for samples in series.values()] == [6, 6]
    assert min(series["With the layer"]) >= 109 > 107 > max(series["Without the layer"])


def test_the_report_shows_a_start_of_each(bench: BenchCommand) -> None:
    """The one in the middle; with Warmkey's own moments, where the log has them."""
    ready = json.dumps({"logger": "warmkey", "message": "ready", "phases": {"registered": 0.7}})
    bench.aws.in_log = lambda invocation: lambda_log.text(replace(invocation, own=(ready,)))
    bench.run()
    with_it, without = report(bench).cold_starts
    assert (with_it.label, without.label) == ("With the layer", "Without the layer")
    lanes = {lane.name: lane for lane in with_it.lanes}
    [init], [handler] = lanes["Lambda"].spans, lanes["Function"].spans
    assert (init.name, init.start) == ("INIT", 0)
    assert 109 <= init.end == handler.start <= 115
    assert [(each.name, each.at) for each in lanes["Extension"].moments] == [("registered", 0.7)]


def test_the_function_itself_is_left_alone(bench: BenchCommand) -> None:
    """And no copy is left."""
    before = dict(bench.aws.functions["billing"].described)
    bench.run()
    assert list(bench.aws.functions) == ["billing"]
    assert bench.aws.functions["billing"].described == before


def test_the_copies_are_as_the_function_is(bench: BenchCommand) -> None:
    """One of them with the layer; both can be found by their tag."""
    vpc = {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    bench.aws.add(
        "billing",
        Environment={"Variables": {"PLAIN": CANARY}},
        Layers=[{"Arn": "arn:aws:lambda:eu-central-1:123456789012:layer:theirs:4", "CodeSize": 9}],
        VpcConfig={**vpc, "VpcId": "vpc-1"},
        MemorySize=1769,
    ).tags = {"team": "payments", "aws:cloudformation:stack-name": "billing"}
    copies: list[Function] = []
    bench.aws.watch("invoke", lambda: copies.extend(bench.aws.functions.values()))
    bench.run(*REFERENCE)
    _, without, with_it = copies
    for copy in (without, with_it):
        assert copy.tags == {"team": "payments", "warmkey-bench": "billing"}
        assert copy.described["MemorySize"] == 1769
        assert copy.described["VpcConfig"] == vpc
        assert copy.described["LoggingConfig"]["LogGroup"] == "/aws/lambda/billing"
        assert copy.described["Environment"]["Variables"]["PLAIN"] == CANARY
    assert [each["Arn"] for each in with_it.described["Layers"]][1:] == [LAYER]
    assert with_it.described["Environment"]["Variables"]["STRIPE_KEY"] == "warmkey:/stripe/live"
    assert "STRIPE_KEY" not in without.described["Environment"]["Variables"]


def test_a_function_that_has_the_layer_is_compared_with_itself_without(bench: BenchCommand) -> None:
    """What `attach` has set goes with it."""
    variables = {
        "STRIPE_KEY": "warmkey:/stripe/live",
        "ATTACHED_BY_WARMKEY": '{"made":{"STRIPE_KEY":"154acb9f"}}',
    }
    bench.aws.add("billing", Environment={"Variables": variables}, Layers=[{"Arn": LAYER}])
    shown = bench.run("--dry-run").stdout
    without, with_it = shown.split("function warmkey-bench-")[1:]
    assert "STRIPE_KEY" not in without
    assert "layer 1" not in without
    assert "+ STRIPE_KEY: warmkey:/stripe/live" in with_it
    assert f"+ layer 1: {LAYER}" in with_it


def test_a_bench_tells_before_what_it_will_do_and_cost(bench: BenchCommand) -> None:
    """And with --dry-run nothing more happens."""
    result = bench.run("--dry-run", runs="50")
    assert result.exit_code == 0
    assert "50 pairs of cold starts" in result.stdout
    assert "happens 102 times" in result.stdout
    assert "takes about 7 minutes and costs about $0.00087 if" in result.stdout
    assert "at most $0.034 if each runs to its time limits" in result.stdout
    assert "nothing was changed: --dry-run" in result.stdout
    assert set(bench.aws.calls) == {"get_function", "list_provisioned", "list_layer_versions"}
    assert list(bench.folder.iterdir()) == []


def test_the_command_that_takes_all_layers_away_is_one_for_any_shell(bench: BenchCommand) -> None:
    """Some take brackets for a pattern of file names."""
    assert " --layers '[]' " in bench.run("--in-place", "--dry-run").stdout


def test_copies_on_another_version_of_the_runtime_are_reported(bench: BenchCommand) -> None:
    """Which is of no matter to the comparison, as both do."""
    bench.run()
    assert any("newest version of their runtime" in each for each in report(bench).method)


def test_bench_asks_before_it_begins(bench: BenchCommand) -> None:
    """Where nobody answers, nothing happens."""
    result = bench.run(approve=False)
    assert result.exit_code == 1
    assert "there was no answer; pass --yes" in result.stderr
    assert not bench.aws.calls["create_function"]


def test_a_warm_start_is_repeated_and_counted(bench: BenchCommand) -> None:
    """Lambda may have an environment left; that is no cold start."""
    bench.aws.stays_warm = 2
    result = bench.run()
    assert result.exit_code == 0
    assert "2 of them were repeated: not cold, or their log did not say" in result.stderr
    assert bench.aws.calls["invoke"] == 16
    assert len(report(bench).experiments[0].series[0].samples[0]) == 6


def test_a_start_that_never_is_cold_ends_the_bench(bench: BenchCommand) -> None:
    """With no copy left."""
    bench.aws.stays_warm = 100
    result = bench.run()
    assert result.exit_code == 1
    assert "it did not start cold in 3 attempts" in result.stderr
    assert list(bench.aws.functions) == ["billing"]


def test_an_update_is_waited_for(bench: BenchCommand) -> None:
    """Before that, the old environment would answer."""
    bench.aws.updates_take = 2
    busy: list[int] = []

    def look() -> None:
        busy.extend(function.busy for function in bench.aws.functions.values())
        bench.aws.updates_take = 0  # one is enough, as each takes a second

    bench.aws.watch("invoke", look)
    assert bench.run().exit_code == 0
    assert busy == [0, 0, 0]


def test_a_version_that_is_named_is_what_is_copied(bench: BenchCommand) -> None:
    """An alias may be far behind `$LATEST`."""
    result = bench.run("--qualifier", "live", "--dry-run")
    assert "billing:live in eu-central-1" in result.stdout
    assert "copy of: billing:live" in result.stdout


def test_the_function_is_called_with_the_payload(bench: BenchCommand) -> None:
    """As it stands."""
    (bench.folder / "event.json").write_text('{"id": 1}')
    bench.run("--payload-file", "event.json", "-o", "here")
    assert bench.aws.payloads == {b'{"id": 1}'}
    assert report(bench, "here").title == "What Warmkey costs a cold start of billing"


def test_snapshots_are_restored_from_versions_of_the_copies(bench: BenchCommand) -> None:
    """Each start takes one of its own, which is deleted after it."""
    bench.aws.add("billing", SnapStart={"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"})
    result = bench.run()
    assert result.exit_code == 0
    assert "takes about 35 minutes and costs about $0.11 if" in result.stdout
    assert re.search(r"^restore, ms +10\d ", result.stdout, re.M)
    assert bench.aws.calls["publish_version"] == 14
    assert bench.aws.calls["delete_function"] == 14 + 2
