"""`json_field.extract`: the field that a plain walk through the JSON finds, and no other."""

import json

from extension.endpoint.json_field import extract
from extension.http.failure import Failed
from extension.sources.outcome import Found
from tests.fuzz.target import CANARY, Target, assert_untold


def attempt(data: bytes) -> None:
    """Take the field that the first line names out of the JSON in the rest."""
    line, _, rest = data.partition(b"\n")
    field = tuple(line.decode("utf-8", "replace").split("."))
    if not all(field) or CANARY in line.decode("utf-8", "replace"):
        return
    for value in (rest, rest.decode("utf-8", "replace")):
        outcome = extract(Found("/a", value, "1", "String", "", 0), field)
        if isinstance(outcome, Failed):
            assert outcome.kind == "missing"
            assert_untold(repr(outcome))
        else:
            assert isinstance(outcome, str)
            outcome.encode()
            _check(outcome, _walked(json.loads(value), field))


def _walked(value: object, field: tuple[str, ...]) -> object:
    for name in field:
        assert isinstance(value, dict)
        value = value[name]
    return value


def _check(text: str, value: object) -> None:
    assert text == value if isinstance(value, str) else json.loads(text) == value


TARGET = Target(
    "fields", attempt, ["a", "a.b", '"a":', '"b":', "{}", "NaN", '"\\ud800"', CANARY], json=True
)
