"""Changes: what is shown before it is done, and what is not."""

from dataclasses import replace

from tests.unit.deploy.described import OLDER, WARMKEY, function, other
from warmkey.deploy.functions import configuration
from warmkey.deploy.output.change import Change, render


def test_a_change_shows_only_what_differs() -> None:
    """What goes, and what comes; the rest is left out."""
    change = Change(
        "function billing", {"a": "1", "b": "2", "c": "3"}, {"b": "2", "c": "4", "d": ""}
    )
    assert render([change], 10_000, verbose=True).plain.splitlines() == [
        "function billing",
        "  - a: 1",
        "  - c: 3",
        "  + c: 4",
        "  + d: ",
    ]


def test_a_change_without_a_difference_is_none() -> None:
    """In whatever order."""
    assert not Change("x", {"a": "1", "b": "2"}, {"b": "2", "a": "1"})
    assert Change("x", {"a": "1"}, {})


def test_a_functions_change_shows_layers_and_references() -> None:
    """In the layers' order."""
    before = function(other("a"), OLDER, variables={"A": "b"})
    after = replace(before, layers=(other("a"), WARMKEY), variables={"A": "b", "K": "warmkey:/k"})
    assert render(
        [configuration.change(before, after)], 10_000, verbose=True
    ).plain.splitlines() == [
        "function billing",
        f"  - layer 2: {OLDER}",
        f"  + layer 2: {WARMKEY}",
        "  + K: warmkey:/k",
    ]


def test_a_value_that_may_be_a_secret_is_shown_nowhere() -> None:
    """Neither as a change nor in a traceback."""
    before = function(variables={"KEY": "canary", "OTHER": "canary"})
    after = replace(before, variables={"KEY": "warmkey:/key", "OTHER": "canary"})
    change = configuration.change(before, after)
    assert "KEY: (a value, not shown)" in render([change], 10_000, verbose=True).plain
    assert "canary" not in f"{change!r}{render([change], 10_000, verbose=True).plain}{before!r}"


def test_a_change_has_no_part_in_what_others_change() -> None:
    """So a change can be told to be the same, though the function is not."""
    before = function(variables={"A": "b"})
    later = replace(before, variables={"A": "c", "NEW": "d"}, revision="2")
    after, later_after = (replace(each, layers=(WARMKEY,)) for each in (before, later))
    assert configuration.change(before, after) == configuration.change(later, later_after)


def test_a_function_of_which_little_is_told_is_read() -> None:
    """Lambda leaves out what is empty; without architectures it is x86_64."""
    arn = "arn:aws:lambda:eu-central-1:123456789012:function:f"
    read = configuration.read({"FunctionArn": arn, "Role": "r"})
    assert (read.name, read.region, read.architecture) == ("f", "eu-central-1", "x86_64")
    assert read.is_image
    assert (read.layers, read.variables, read.unreadable) == ((), {}, "")


def test_variables_that_lambda_could_not_decrypt_are_known_to_be_missing() -> None:
    """It answers with an error in their place."""
    error = {"ErrorCode": "AccessDeniedException", "Message": "KMS says no"}
    answer = {"FunctionArn": "f", "Role": "r", "Environment": {"Error": error}}
    assert configuration.read(answer).unreadable == "KMS says no"
