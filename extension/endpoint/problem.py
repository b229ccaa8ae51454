"""Problems: the endpoint's errors, as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass

from ..http import json_text
from ..http.failure import Failed, Kind
from ..http.messages import REASONS, Headers, Response


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is not answered with a value.

    Attributes:
        status: the HTTP status.
        kind: a short name for programs; it ends the `type` URI.
        detail: what happened, for a person.
        hint: what to do about it; maybe empty.
        headers: more headers of the answer.
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


def of_failure(failed: Failed, alias: str, refused_status: int = 502) -> Problem:
    """The problem of a secret that can't be had from upstream.

    Args:
        failed: why.
        alias: what was asked for.
        refused_status: the status where the service has refused it for good.
    """
    status = 504 if failed.kind is Kind.TIMEOUT else 502
    if not failed.transient:
        status = refused_status
    return Problem(
        status, f"upstream-{failed.kind.value}", f"{alias}: {failed.detail}", failed.hint
    )


def response(problem: Problem) -> Response:
    """The response that says it."""
    body = {
        "type": f"urn:warmkey:problem:{problem.kind}",
        "title": REASONS[problem.status],
        "status": problem.status,
        "detail": problem.detail,
        **({"hint": problem.hint} if problem.hint else {}),
    }
    headers = (
        ("Content-Type", "application/problem+json"),
        ("Cache-Control", "no-store"),
        *problem.headers,
    )
    return Response(problem.status, headers, json_text.encode(body).encode())
