"""`warmkey status`: which functions have the layer, and which are behind."""

import json
from typing import Any

import pytest

from tests.fakes.fleet import Fleet, layer_arn
from tests.fakes.operator import REGION, Operator
from warmkey.extension import VERSION


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with the layer in this command's version, and a function without it."""
    fleet = Fleet(operator)
    fleet.warmkey(VERSION)
    fleet.function("plain", fleet.layer("other"))
    return fleet


def status(operator: Operator, *arguments: str) -> list[dict[str, Any]]:
    """What `status --json` finds."""
    result = operator.run("status", "--json", *arguments)
    assert result.exit_code == 0, result.output
    findings: list[dict[str, Any]] = json.loads(result.stdout)
    return findings


def test_functions_with_the_layer_are_found(operator: Operator, fleet: Fleet) -> None:
    """With all that there is to know; others are left out."""
    fleet.function("billing", architecture="arm64")
    operator.run("attach", "billing", "--exec", "--yes")
    assert status(operator) == [
        {
            "function": "billing",
            "region": REGION,
            "architecture": "arm64",
            "version": VERSION,
            "layer": layer_arn("warmkey-arm64"),
            "behind": "",
            "exec_wrapper": True,
        }
    ]


def test_a_function_is_behind_what_is_published(operator: Operator, fleet: Fleet) -> None:
    """Until it is attached to again."""
    fleet.function("billing")
    operator.run("attach", "billing", "--yes")
    fleet.warmkey("99.0.0")
    assert [finding["behind"] for finding in status(operator)] == ["99.0.0"]
    operator.run("attach", "billing", "--yes")
    assert [finding["behind"] for finding in status(operator)] == [""]


def test_a_function_is_behind_this_command(operator: Operator) -> None:
    """Which could publish a newer layer."""
    fleet = Fleet(operator)
    fleet.warmkey("0.0.1")
    fleet.function("billing", layer_arn("warmkey-x86_64"))
    [finding] = status(operator)
    assert (finding["version"], finding["behind"]) == ("0.0.1", VERSION)


def test_a_layer_that_is_gone_is_told_as_unknown(operator: Operator, fleet: Fleet) -> None:
    """Functions go on with it, but nobody can look into it."""
    fleet.function("billing", layer_arn("warmkey-x86_64"))
    operator.client("lambda").delete_layer_version(LayerName="warmkey-x86_64", VersionNumber=1)
    [finding] = status(operator)
    assert (finding["version"], finding["behind"]) == ("", VERSION)
    assert "unknown" in operator.run("status").stdout


def test_a_layer_that_was_published_by_hand_is_looked_up(operator: Operator, fleet: Fleet) -> None:
    """Under a name without an architecture."""
    fleet.function("billing", fleet.layer("warmkey", f"Warmkey {VERSION}"))
    assert [finding["version"] for finding in status(operator)] == [VERSION]


def test_several_regions_are_looked_at(operator: Operator, fleet: Fleet) -> None:
    """In the order in which they are named."""
    fleet.function("here")
    operator.run("attach", "here", "--yes")
    other = Fleet(operator, "us-east-1")
    other.warmkey()
    other.function("there")
    operator.run("attach", "there", "--yes", "--region", "us-east-1")
    found = status(operator, "--region", f"us-east-1,{REGION}")
    assert [finding["function"] for finding in found] == ["there", "here"]


def test_the_table_is_for_people(operator: Operator, fleet: Fleet) -> None:
    """A line for each function, however long; the count is beside it, not in it."""
    fleet.function("billing")
    operator.run("attach", "billing", "--yes")
    fleet.warmkey("99.0.0")
    result = operator.run("status", "--dry-run")
    heads, row = result.stdout.splitlines()
    assert heads.split() == [
        *("function", "region", "architecture", "version", "layer", "exec", "behind")
    ]
    arn = layer_arn("warmkey-x86_64")
    assert row.split() == ["billing", REGION, "x86_64", VERSION, arn, "no", "99.0.0"]
    assert "functions with Warmkey: 1; behind: 1 (warmkey publish, then warmkey attach)" in (
        result.stderr
    )


def test_a_region_that_cannot_be_looked_at_is_told(operator: Operator) -> None:
    """And the command fails, as the list is not whole."""
    operator.deny("lambda.ListFunctions")
    result = operator.run("status", "--region", "us-east-1")
    assert result.exit_code == 1
    assert "us-east-1: ListFunctions: AccessDeniedException" in result.stderr
    assert "run this as somebody with that permission, or grant it" in result.stderr


def test_functions_may_be_named(operator: Operator, fleet: Fleet) -> None:
    """By name or ARN, by prefix, or those that are behind."""
    for name in ("billing", "mailing"):
        fleet.function(name)
        operator.run("attach", name, "--yes")
    fleet.warmkey("9.0.0")
    operator.run("attach", "mailing", "--yes")
    arn = fleet["billing"].arn
    found = [
        [each["function"] for each in status(operator, *arguments)]
        for arguments in (["billing"], [arn], ["--prefix=mail"], ["--behind"], [])
    ]
    both = ["billing", "mailing"]
    assert found == [["billing"], ["billing"], ["mailing"], ["billing"], both]
