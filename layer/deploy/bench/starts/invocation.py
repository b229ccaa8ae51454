"""Invocations: a function is called once, and what Lambda's log says of that is read."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from ...account import Account
from ..retry import retry
from . import log_tail
from .log_tail import SUCCESS, LogTail

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

_RETRY_SECONDS = 120.0  # a function that is to be called is there, and called by nobody else
_ON_TOP = 60  # seconds that a start may take beside the function's own time limit


@dataclass(frozen=True, slots=True)
class Invocation:
    """What came of one.

    Attributes:
        tail: What Lambda's log says of it.
        error: What kind of error the function raised, e.g. `KeyError`; empty where none.
    """

    tail: LogTail
    error: str


class Invoker:
    """Calls functions and waits for their responses.

    Args:
        client: Lambda's; it makes each call once, as a second one would not be a cold start.
        payload: What the function is called with, as JSON.
        sleep: Waits for so many seconds.
    """

    def __init__(
        self,
        client: "LambdaClient",
        payload: bytes,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._payload = payload
        self._sleep = sleep

    @classmethod
    def of(cls, account: Account, payload: bytes, timeout: int) -> "Invoker":
        """One that is as patient as a function with this time limit, in seconds, needs it."""
        config = Config(
            read_timeout=timeout + _ON_TOP, retries={"total_max_attempts": 1}, tcp_keepalive=True
        )
        return cls(account.session.client("lambda", config=config), payload)

    def invoke(self, name: str, qualifier: str = "") -> Invocation:
        """Call a function.

        Args:
            name: Its name.
            qualifier: Which version of it; empty for `$LATEST`.

        Raises:
            ClientError: Lambda does not let it be called.
        """
        which = {"Qualifier": qualifier} if qualifier else {}
        asked: dict[str, Any] = {
            "FunctionName": name,
            "LogType": "Tail",
            "Payload": self._payload,
            **which,
        }
        response: Any = retry(lambda: self._client.invoke(**asked), self._sleep, _RETRY_SECONDS)
        request_id: str = response["ResponseMetadata"].get("RequestId", "")
        tail = log_tail.read(log_tail.decode(response.get("LogResult", "")), request_id)
        return Invocation(tail, _error(response, tail))


def _error(response: Any, tail: LogTail) -> str:
    """The error's type; its message may hold anything, and is not read."""
    if tail.report and tail.report.status not in (SUCCESS, ""):
        return tail.report.error_type or tail.report.status
    if not response.get("FunctionError"):
        return ""
    try:
        told = json.loads(response["Payload"].read())
        return log_tail.type_name(told.get("errorType")) or "an error"
    except (ValueError, AttributeError, RecursionError):
        return "an error"
