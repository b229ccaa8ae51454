"""An answer that is no value becomes an error, whatever its body holds."""

import pickle

import pytest

from warmkey import SecretNotFound, WarmkeyError
from warmkey.endpoint import Response
from warmkey.errors import refusal

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"title": "No", "detail": "It is so.", "hint": "Do this."}', "It is so. Do this."),
        (b'{"title": "No", "detail": "It is so."}', "It is so."),
        (b'{"title": "No", "hint": "Do this."}', "No Do this."),
        ('{"detail": "Schlüssel"}'.encode(), "Schlüssel"),
    ],
)
def test_the_message_is_the_detail_and_the_hint(body: bytes, message: str) -> None:
    """The title stands in where there is no detail."""
    error = refusal("Secret 'KEY'", Response(404, {"content-type": PROBLEM}, body))

    assert str(error) == f"Secret 'KEY': {message} (status 404)"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b'{"detail": "of another server"}'),
        (PROBLEM, b""),
        (PROBLEM, b"\xff\xfe"),
        (PROBLEM, b'["detail"]'),
        (PROBLEM, b'{"title": 404, "detail": ["a"], "hint": null}'),
    ],
    ids=["another server's", "empty", "not UTF-8", "not an object", "not of text"],
)
def test_a_body_that_explains_nothing_is_no_part_of_the_message(
    content_type: str, body: bytes
) -> None:
    """Members that are not text are ignored, as RFC 9457 wants it."""
    error = refusal("Secret 'KEY'", Response(404, {"content-type": content_type}, body))

    assert str(error) == "Secret 'KEY': no reason given; is it Warmkey's? (status 404)"


def test_a_body_without_a_type_explains_nothing() -> None:
    """Some servers send none."""
    assert "no reason given" in str(refusal("Secret 'KEY'", Response(500, {}, b"oops")))


def test_an_error_survives_a_process_pool() -> None:
    """Its kind, message and status are there on the other side."""
    error = refusal("Secret 'KEY'", Response(404, {"content-type": PROBLEM}, b'{"title": "No"}'))

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own

    assert (type(copy), str(copy), copy.status) == (SecretNotFound, str(error), 404)


def test_every_error_is_caught_by_one_name() -> None:
    """A handler that does not care which it is catches `WarmkeyError`."""
    assert isinstance(refusal("Secret 'KEY'", Response(418, {}, b"")), WarmkeyError)
