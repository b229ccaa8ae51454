"""Problems: the endpoint's errors, as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...http import json_text
from ...http.failure import Failed, Kind
from ...http.messages import REASONS, Headers, Response
from ...http.scrubber import one_line

# What AWS's extension says of every failure of a service; its clients may look for that.
_UNEXPECTED = "an unexpected error occurred while executing request"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is not answered with a value.

    Attributes:
        status: the HTTP status.
        kind: a short name for programs; it ends the `type` URI.
        detail: what happened, for a person.
        hint: what to do about it; maybe empty.
        headers: more headers of the response.
    """

    status: int
    kind: str
    detail: str
    hint: str = ""
    headers: Headers = ()


class Refused(Exception):
    """A request is refused.

    Attributes:
        problem: why.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def malformed(detail: str) -> Refused:
    """The refusal of a request that is malformed, or names what nobody knows."""
    return Refused(Problem(400, "malformed", detail))


def of_failure(failed: Failed, name: str, *, as_aws: bool = False) -> Problem:
    """The problem of a secret that can't be had from upstream.

    Args:
        failed: why.
        name: what was asked for.
        as_aws: for the AWS-compatible paths, where every failure of the service is status 400, as
            in AWS's extension: its clients retry other statuses.
    """
    status = 504 if failed.kind is Kind.TIMEOUT else 502
    detail = f"{name}: {failed.detail}"
    kind = f"upstream-{failed.kind.value}"
    return Problem(400 if as_aws else status, kind, detail, failed.hint)


def response(
    problem: Problem, clean: Callable[[str], str] = one_line, *, plain: bool = False
) -> Response:
    """The response that says it.

    Args:
        problem: why there is no value.
        clean: takes secrets out of a text.
        plain: whether it is told in plain text, as on the AWS-compatible paths.
    """
    detail, hint = clean(problem.detail), clean(problem.hint)
    make = _text if plain else _json
    content_type, body = make(problem, detail, hint)
    headers = (
        ("Content-Type", content_type),
        ("Cache-Control", "no-store"),
        *problem.headers,
    )
    return Response(problem.status, headers, body.encode())


def _json(problem: Problem, detail: str, hint: str) -> tuple[str, str]:
    body = {
        "type": f"urn:warmkey:problem:{problem.kind}",
        "title": REASONS[problem.status],
        "status": problem.status,
        "detail": detail,
        **({"hint": hint} if hint else {}),
    }
    return "application/problem+json", json_text.encode(body)


def _text(problem: Problem, detail: str, hint: str) -> tuple[str, str]:
    """Text that no client takes for a value, though it decodes without a look at the status."""
    words = f"{_UNEXPECTED}: " if problem.kind.startswith("upstream-") else ""
    return "text/plain; charset=utf-8", f"{words}{detail}{f' ({hint})' if hint else ''}\n"
