"""`json_text`: takes what `json` takes, gives what `json` gives, and shows none of it."""

import json

from extension.http import json_text
from tests.fuzz.target import CANARY, Target, assert_untold


def attempt(data: bytes) -> None:
    """Decode a text, and what comes out of encoding what it was."""
    text = data.decode("utf-8", "replace")
    try:
        value = json_text.decode(text)
    except json_text.MalformedJson as error:
        assert_untold(str(error))
        deep = str(error) == "JSON nested too deeply" and text.count("[") + text.count("{") > 100
        assert deep or not _is_json(text), "json takes it"
        return
    assert repr(json.loads(text.removeprefix("\ufeff"))) == repr(value)
    try:
        encoded = json_text.encode(value)
    except ValueError:  # NaN and its like
        assert any(word in text for word in ("NaN", "Infinity", "e", "E", "."))
        return
    assert encoded.isascii()
    assert json_text.decode(encoded) == json.loads(encoded) == value


def _is_json(text: str) -> bool:
    try:
        json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True


TARGET = Target(
    "json-texts",
    attempt,
    ["null", "true", "NaN", "Infinity", "1e400", '"\\ud800"', "[[[[", '"":', "\ufeff", CANARY],
    json=True,
)
