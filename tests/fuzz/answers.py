"""Answers of AWS, as inputs, and what must be true of what they are read as."""

from extension.cache.entry import Entry, State
from extension.endpoint.json_field import extract
from extension.endpoint.requests import aws_api
from extension.endpoint.responses import problem, representation
from extension.endpoint.responses.all_secrets import AllSecrets
from extension.http.failure import Failed
from extension.http.messages import Response, build_response
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found
from extension.sources.secretsmanager import Secret

_NOW = 1_800_000_000.0


def parse_answer(data: bytes) -> Response:
    """An input as an answer: a line with the status, then the body."""
    status, _, body = data.partition(b"\n")
    return Response(int(status) if len(status) == 3 and status.isdigit() else 200, (), body)


def assert_failed_safely(failed: Failed) -> None:
    """Assert that a failure can be told to a reader.

    What AWS says in its own `message` is repeated, so that what is asked here is only that it
    can be.
    """
    build_response(problem.response(problem.of_failure(failed, "KEY")))
    repr(failed).encode("utf-8", "surrogateescape")


def assert_servable(found: Found, source: Parameter | Secret) -> None:
    """Assert that a value can be answered in every form there is.

    Args:
        found: What an answer was read as.
        source: What was asked for.
    """
    answer = Entry(found, State.FRESH, _NOW, _NOW + 300)
    build_response(aws_api.represent(source, found, answer, _NOW))
    value = extract(found, "")
    assert not isinstance(value, Failed)
    secret = representation.Secret("KEY", value, found, answer)
    build_response(representation.as_json(secret, _NOW))
    build_response(representation.bare(secret, _NOW))
    every = AllSecrets("shell", ("KEY",))
    every.add("KEY", value)
    build_response(every.response())
