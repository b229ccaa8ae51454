"""Batches: the items of a GetParameters answer, matched to what was asked for."""

import pytest

from extension.http.failure import Failed
from extension.http.messages import Response
from extension.sources import parameter
from extension.sources.parameter import Parameter
from tests.fakes.aws_answers import PARAMETER_ARN, UNEXPECTED, batch, found, item, ok


def test_the_items_of_a_batch_are_matched_by_name_whatever_their_order() -> None:
    """Each name has its own value."""
    one, two = Parameter("/a"), Parameter("/b")
    answer = batch(item(Name="/b", ARN="arn:b", Value="b"), item(Value="a"))
    outcomes = parameter.read_batch(answer, [one, two])
    assert not isinstance(outcomes, Failed)
    assert {source: found(outcome).value for source, outcome in outcomes.items()} == {
        one: "a",
        two: "b",
    }


def test_the_items_of_a_batch_are_matched_by_selector_too() -> None:
    """One name in three versions, in the order that mixes them up the most."""
    plain, numbered, labelled = Parameter("/a"), Parameter("/a", "1"), Parameter("/a", "stable")
    answer = batch(
        item(Value="one", Version=1, Selector=":1"),
        item(Value="two", Version=2, Selector=":stable"),
        item(Value="three", Version=3),
    )
    outcomes = parameter.read_batch(answer, [plain, labelled, numbered])
    assert not isinstance(outcomes, Failed)
    values = [found(outcomes[source]).value for source in (plain, numbered, labelled)]
    assert values == ["three", "one", "two"]


def test_an_item_is_matched_by_its_arn_too() -> None:
    """As shared parameters are declared."""
    source = Parameter(PARAMETER_ARN, "3")
    outcomes = parameter.read_batch(batch(item(Selector=":3")), [source])
    assert not isinstance(outcomes, Failed)
    assert found(outcomes[source]).value == "value"


def test_versions_tell_items_apart_without_selectors() -> None:
    """An emulator leaves the selector out."""
    plain, first = Parameter("/a"), Parameter("/a", "1")
    answer = batch(item(Value="one", Version=1), item(Value="two", Version=2))
    outcomes = parameter.read_batch(answer, [first, plain])
    assert not isinstance(outcomes, Failed)
    assert found(outcomes[plain]).value == "two"
    assert found(outcomes[first]).value == "one"


def test_an_invalid_name_is_missing() -> None:
    """With its selector, as it was asked for."""
    good, bad = Parameter("/a"), Parameter("/b", "9")
    outcomes = parameter.read_batch(batch(item(), invalid=["/b:9"]), [good, bad])
    assert not isinstance(outcomes, Failed)
    assert found(outcomes[good]).value == "value"
    failed = outcomes[bad]
    assert isinstance(failed, Failed)
    assert failed.kind == "missing"
    assert "SSM parameter /b:9 does not exist" in failed.detail


def test_a_name_that_the_answer_is_silent_about_has_no_outcome() -> None:
    """So that whoever asked asks again by itself."""
    assert parameter.read_batch(batch(), [Parameter("/a")]) == {}


def test_null_is_an_empty_list() -> None:
    """As emulators in Go write it."""
    source = Parameter("/a")
    assert parameter.read_batch(ok({"Parameters": None, "InvalidParameters": None}), [source]) == {}


def test_a_refused_batch_is_one_failure() -> None:
    """For all of them."""
    response = Response(400, (), b'{"__type": "ThrottlingException", "message": "Rate exceeded"}')
    failed = parameter.read_batch(response, [Parameter("/a")])
    assert isinstance(failed, Failed)
    assert failed.kind == "throttled"


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"Parameters": 1},
        {"Parameters": [None]},
        {"Parameters": [{}]},
        {"Parameters": [item(Version="x")]},
        {"Parameters": [item(Version=None)]},
        {"Parameters": [item(Value=None)]},
        {"Parameters": [item(Selector=[1])]},
        {"Parameters": [], "InvalidParameters": [[]]},
        {"Parameters": [], "InvalidParameters": 1},
    ],
)
def test_a_batch_that_makes_no_sense_is_broken(body: object) -> None:
    """All of it."""
    assert parameter.read_batch(ok(body), [Parameter("/a")]) == UNEXPECTED
