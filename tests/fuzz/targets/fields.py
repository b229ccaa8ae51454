"""`json_field.extract`: the field that a plain walk through the JSON finds, and no other."""

import json

from extension.endpoint.json_field import extract
from extension.http.failure import Failed
from extension.sources.responses.outcome import Found
from tests.fuzz.target import CANARY, Target, assert_untold


def attempt(data: bytes) -> None:
    """Take the field that the first line names out of the JSON in the rest."""
    line, _, rest = data.partition(b"\n")
    field = line.decode("utf-8", "replace")
    if not field or CANARY in field:
        return
    for value in (rest, rest.decode("utf-8", "replace")):
        outcome = extract(Found("/a", value, "1", "String", "", 0), field)
        if isinstance(outcome, Failed):
            assert outcome.kind in ("missing", "broken")
            assert_untold(repr(outcome))
        else:
            assert isinstance(outcome, str)
            outcome.encode()
            _check(outcome, _walked(_loaded(value), field))


def _loaded(value: str | bytes) -> object:
    text = value if isinstance(value, str) else value.decode()
    return json.loads(text.removeprefix("\ufeff"))


def _walked(value: object, field: str) -> object:
    if isinstance(value, dict) and field in value:
        return value[field]
    pointer = field.startswith("/")
    for name in field[1:].split("/") if pointer else field.split("."):
        if pointer and isinstance(value, list):
            value = value[int(name)]
        else:
            assert isinstance(value, dict)
            value = value[name.replace("~1", "/").replace("~0", "~") if pointer else name]
    return value


def _check(text: str, value: object) -> None:
    assert text == value if isinstance(value, str) else json.loads(text) == value


TARGET = Target(
    "fields",
    attempt,
    [
        "a",
        "a.b",
        "/a/0",
        "/a~1b",
        "~0",
        "1.10",
        "1E5",
        "1e400",
        "\ufeff",
        '"a":',
        '"b":',
        "{}",
        "NaN",
        '"\\ud800"',
        CANARY,
    ],
    json=True,
)
