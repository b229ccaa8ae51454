"""A step is tried again as long as what keeps it from being done is going to pass."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from warmkey.deploy.bench.retry import retry


class Step:
    """A step that fails a few times before it is done.

    Args:
        errors: What it fails with, in turn.

    Attributes:
        slept: How many seconds were waited before each further attempt.
    """

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self.slept: list[float] = []

    def __call__(self) -> str:
        """Do it."""
        if self._errors:
            raise self._errors.pop(0)
        return "done"

    def retry(self, seconds: float = 60) -> str:
        """Have it done."""
        return retry(self, self.slept.append, seconds)


def refused(code: str, status: int = 400) -> ClientError:
    """An error of AWS's."""
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "DeleteFunction")


@pytest.mark.parametrize(
    "error",
    [
        refused("TooManyRequestsException", 429),
        refused("ResourceConflictException", 409),
        refused("Unknown", 503),
        ConnectTimeoutError(endpoint_url="https://lambda"),
    ],
    ids=["throttling", "an update under way", "AWS's own fault", "the network"],
)
def test_a_transient_failure_is_waited_for(error: Exception) -> None:
    """Longer each time."""
    step = Step(error, error, error)
    assert step.retry() == "done"
    assert [low <= each <= 2 * low for each, low in zip(step.slept, (0.5, 1, 2), strict=True)]


def test_a_permanent_failure_is_told_at_once() -> None:
    """Nobody waits for a permission."""
    step = Step(refused("AccessDeniedException", 403))
    with pytest.raises(ClientError):
        step.retry()
    assert step.slept == []


def test_retrying_ends_after_so_many_seconds() -> None:
    """Which is told as it is."""
    step = Step(*[refused("ResourceConflictException")] * 100)
    with pytest.raises(ClientError, match="ResourceConflictException"):
        step.retry(seconds=20)
    assert 20 <= sum(step.slept) <= 28
