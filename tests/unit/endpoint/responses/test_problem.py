"""Problems, as RFC 9457 has them."""

import json

import pytest

from extension.endpoint.responses.problem import Problem, Refused, of_failure, response
from extension.http.failure import Failed, Kind
from extension.http.messages import REASONS
from extension.http.scrubber import Scrubber


def test_a_problem_is_said_as_json() -> None:
    """With a type that programs can tell apart, and never cached."""
    answer = response(Problem(404, "alias", 'no "such" alias', "declare it"))
    assert answer.status == 404
    assert dict(answer.headers)["Content-Type"] == "application/problem+json"
    assert dict(answer.headers)["Cache-Control"] == "no-store"
    assert json.loads(answer.body) == {
        "type": "urn:warmkey:problem:alias",
        "title": "Not Found",
        "status": 404,
        "detail": 'no "such" alias',
        "hint": "declare it",
    }


def test_problem_without_a_hint_has_none() -> None:
    """Rather than an empty one."""
    assert "hint" not in json.loads(response(Problem(400, "malformed", "why")).body)


def test_a_problem_may_bring_headers() -> None:
    """As 405 does."""
    problem = Problem(405, "method", "why", headers=(("Allow", "GET"),))
    assert dict(response(problem).headers)["Allow"] == "GET"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 414, 431, 500, 502, 503, 504])
def test_each_status_that_is_answered_has_a_title(status: int) -> None:
    """That of HTTP."""
    title = json.loads(response(Problem(status, "any", "why")).body)["title"]
    assert title == REASONS[status]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("missing", 502),
        ("denied", 502),
        ("refused", 502),
        ("throttled", 502),
        ("expired", 502),
        ("broken", 502),
        ("unreachable", 502),
        ("untrusted", 502),
        ("unauthenticated", 502),
        ("timeout", 504),
    ],
)
def test_a_failure_upstream_is_a_bad_gateway_or_a_late_one(kind: str, status: int) -> None:
    """It names the alias, and hands on what to do."""
    assert of_failure(Failed(Kind(kind), "why", "what to do"), "A") == Problem(
        status, f"upstream-{kind}", "A: why", "what to do"
    )


def test_a_refusal_reads_as_its_problem() -> None:
    """Where it is logged."""
    assert str(Refused(Problem(400, "malformed", "why"))) == "why"


def test_a_problem_holds_no_secret_and_steers_no_terminal() -> None:
    """Whoever put it there, in JSON and in plain text."""
    clean = Scrubber(lambda: ["canary-1"]).clean
    for plain in (False, True):
        problem = Problem(404, "alias", "no\x1b[31m canary-1", "try canary-1")
        body = response(problem, clean, plain=plain).body.decode()
        assert "canary" not in body
        assert "no [31m ***" in body
        assert "try ***" in body


def test_no_problem_is_longer_than_a_few_hundred_characters() -> None:
    """Whatever upstream or a reader sends."""
    body = json.loads(response(Problem(404, "alias", "a" * 100_000, "b" * 100_000)).body)
    assert (len(body["detail"]), len(body["hint"])) == (600, 600)


def test_a_failure_in_plain_text_is_no_json() -> None:
    """A client that decodes without a look at the status finds nothing to take for a value."""
    failed = of_failure(Failed(Kind.MISSING, '{"SecretString": ""}'), "{}", as_aws=True)
    with pytest.raises(json.JSONDecodeError):
        json.loads(response(failed, plain=True).body)
