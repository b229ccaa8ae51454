"""Patience: a step is tried again as long as what keeps it from being done is going to pass."""

import random
from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotReached

Result = TypeVar("Result")

_PASSING = frozenset(
    {
        "EC2ThrottledException",
        "PreconditionFailedException",
        "RequestLimitExceeded",
        "ResourceConflictException",  # an update is under way, or the function is being made
        "ResourceNotReadyException",
        "ServiceException",
        "SnapStartNotReadyException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_LONGEST = 8.0  # seconds between two attempts


def persist(step: Callable[[], Result], sleep: Callable[[float], None], patience: float) -> Result:
    """Do a step, again and again until it is done.

    Args:
        step: The step, which may be done twice.
        sleep: Waits for so many seconds.
        patience: For so many seconds in all, at most.

    Raises:
        ClientError: AWS refuses it for good, or still after that time.
        NotReached: AWS can't be reached after that time.
        HTTPClientError: As above.
    """
    waited, attempt = 0.0, 0
    while True:
        try:
            return step()
        except (ClientError, NotReached, HTTPClientError) as error:
            if waited >= patience or not _passes(error):
                raise
            pause = min(2.0**attempt, _LONGEST) * random.uniform(0.5, 1)  # noqa: S311 (jitter)
            sleep(pause)
            waited, attempt = waited + pause, attempt + 1


def _passes(error: Exception) -> bool:
    if not isinstance(error, ClientError):
        return True
    status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return error.response["Error"]["Code"] in _PASSING or status >= 500
