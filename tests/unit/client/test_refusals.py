"""An answer that is no value becomes an error, whatever its body holds."""

import pickle

import pytest

from warmkey import SecretNotFound, WarmkeyError
from warmkey.endpoint import Answer

PROBLEM = "application/problem+json"


def answer(status: int, body: bytes, content_type: str = PROBLEM) -> Answer:
    """An answer with that body."""
    head = f"HTTP/1.1 {status} No\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}"
    return Answer(head.encode() + b"\r\n\r\n" + body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"title": "No", "detail": "It is so", "hint": "do this"}', "It is so; do this"),
        (b'{"title": "No", "detail": "It is so."}', "It is so."),
        ('{"detail": "Schlüssel"}'.encode(), "Schlüssel"),
    ],
)
def test_the_message_is_the_detail_and_the_hint(body: bytes, message: str) -> None:
    """The title says nothing that the detail doesn't."""
    assert str(answer(404, body).error()) == f"{message} (status 404)"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"detail": "of another server"}'),
        (PROBLEM, b""),
        (PROBLEM, b"\xff\xfe"),
        (PROBLEM, b'["detail"]'),
        (PROBLEM, b"[" * 100_000),
        (PROBLEM, b'{"title": "No"}'),
    ],
    ids=["another server's", "empty", "not UTF-8", "not an object", "too deep", "no detail"],
)
def test_a_body_that_explains_nothing_is_no_part_of_the_message(
    content_type: str, body: bytes
) -> None:
    """Whatever else answers on that port."""
    error = answer(404, body, content_type).error()

    assert str(error) == "the endpoint gives no reason; is it Warmkey's? (status 404)"


def test_a_body_without_a_type_explains_nothing() -> None:
    """Some servers send none."""
    error = Answer(b"HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\noops").error()

    assert "no reason" in str(error)


def test_an_error_survives_a_process_pool() -> None:
    """Its kind, message and status are there on the other side."""
    error = answer(404, b'{"detail": "It is so."}').error()

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own

    assert (type(copy), str(copy), copy.status) == (SecretNotFound, str(error), 404)


def test_every_error_is_caught_by_one_name() -> None:
    """A handler that does not care which it is catches `WarmkeyError`."""
    assert isinstance(answer(418, b"").error(), WarmkeyError)
