"""Retrying: a step is done again as long as what keeps it from being done is transient."""

import random
from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotReached

Result = TypeVar("Result")

_TRANSIENT = frozenset(
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


def retry(step: Callable[[], Result], sleep: Callable[[float], None], seconds: float) -> Result:
    """Do a step, again and again until it is done.

    Args:
        step: The step, which may be done twice.
        sleep: Waits for so many seconds.
        seconds: For how long to wait in all, at most.

    Raises:
        ClientError: AWS refuses it permanently, or still after that time.
        NotReached: AWS can't be reached after that time.
        HTTPClientError: As above.
    """
    waited, attempt = 0.0, 0
    while True:
        try:
            return step()
        except (ClientError, NotReached, HTTPClientError) as error:
            if waited >= seconds or not _is_transient(error):
                raise
            pause = min(2.0**attempt, _LONGEST) * random.uniform(0.5, 1)  # noqa: S311 (jitter)
            sleep(pause)
            waited, attempt = waited + pause, attempt + 1


def _is_transient(error: Exception) -> bool:
    if not isinstance(error, ClientError):
        return True
    status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return error.response["Error"]["Code"] in _TRANSIENT or status >= 500
