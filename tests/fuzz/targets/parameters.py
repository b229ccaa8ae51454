"""`parameter`: a value is only ever that of the parameter that was asked for."""

import json

from extension.http.failure import Failed
from extension.sources.parameter import Parameter, read_batch
from extension.sources.responses.outcome import Found
from tests.fuzz.answers import assert_failed_safely, assert_servable, parse_answer
from tests.fuzz.target import CANARY, Target

_ARN = "arn:aws:ssm:eu-west-1:1:parameter/a"
_ASKED = [Parameter("/a"), Parameter("/a", "3"), Parameter("/a", "live"), Parameter("b")]
_ALL = [*_ASKED, Parameter(_ARN), Parameter(_ARN, "3")]


def attempt(data: bytes) -> None:
    """Read an answer as that of GetParameters, and as that of GetParameter."""
    response = parse_answer(data)
    outcomes = read_batch(response, _ALL)
    if isinstance(outcomes, Failed):
        assert_failed_safely(outcomes)
    else:
        items = json.loads(response.body).get("Parameters") or []
        for parameter, outcome in outcomes.items():
            assert isinstance(parameter, Parameter)
            _check(parameter, outcome, items)
    single = _ASKED[0].read(response)
    if isinstance(single, Failed):
        assert_failed_safely(single)
    else:
        named = single.name.partition(":")[0].lstrip("/")  # some put the selector after it
        assert named == "a" or "/a" in (single.name, single.arn)
        assert_servable(single, _ASKED[0])


def _check(parameter: Parameter, outcome: object, items: list[dict[str, object]]) -> None:
    """An item of that name, and of that version or label, brought the value."""
    if isinstance(outcome, Failed):
        assert outcome.kind == "missing"
        return
    assert isinstance(outcome, Found)
    assert parameter.name in (outcome.name, outcome.arn)
    assert f":{parameter.selector}".rstrip(":") in (outcome.selector, f":{outcome.version}")
    assert any(
        item["Value"] == outcome.value and parameter.name in (item["Name"], item.get("ARN"))
        for item in items
    )
    assert_servable(outcome, parameter)


TARGET = Target(
    "parameters",
    attempt,
    [
        *('"Parameters":', '"Parameter":', '"InvalidParameters":', '"Name":', '"Value":'),
        *('"Version":', '"Selector":', '"ARN":', '"Type":', '"LastModifiedDate":', '"/a"', '"b"'),
        *('":3"', '":live"', f'"{_ARN}"', '"SourceResult":', '"__type":', '"message":', CANARY),
    ],
    json=True,
    longest=4096,
)
