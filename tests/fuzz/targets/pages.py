"""`parameter_path`: what is not below the path is no member of it."""

import json

from extension.http.failure import Failed
from extension.sources.parameter import Parameter
from extension.sources.parameter_path import ParameterPath
from tests.fuzz.answers import assert_failed_safely, assert_servable, parse_answer
from tests.fuzz.target import CANARY, Target

_PATH = ParameterPath("/app")


def attempt(data: bytes) -> None:
    """Read a page, and ask for the next."""
    response = parse_answer(data)
    page = _PATH.read(response)
    if isinstance(page, Failed):
        assert_failed_safely(page)
        return
    assert CANARY not in repr(page) or CANARY in page.next_token
    items = json.loads(response.body).get("Parameters") or []
    for member, found in page.members.items():
        assert found.name == f"{_PATH.name}/{member}"
        assert any(item["Name"] == found.name and item["Value"] == found.value for item in items)
        assert_servable(found, Parameter(found.name))
    assert isinstance(page.next_token, str)
    if page.next_token:
        _PATH.call(page.next_token)


TARGET = Target(
    "pages",
    attempt,
    [
        *('"Parameters":', '"NextToken":', '"Name":', '"Value":', '"Version":', '"Type":'),
        *('"/app/a"', '"/app"', '"/apple/a"', '"/app/b/c"', "null", "[]", "{}", CANARY),
    ],
    json=True,
    longest=4096,
)
