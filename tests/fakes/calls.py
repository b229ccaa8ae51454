"""The calls that a fake AWS has received, in order of arrival."""

import threading
import time
from dataclasses import dataclass

from tests.fakes.aws_body import Body, names
from tests.fakes.http_service import Request
from tests.fakes.signature import claimed_key_id


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it arrived.

    Attributes:
        action: Such as `GetParameters`; empty where X-Amz-Target names none.
        names: The names, path or secret ids asked for, as sent.
        with_decryption: As sent; None where it was absent.
        version_stage: As sent; None where it was absent.
        user_agent: The caller's User-Agent.
        key_id: The access key id that it claims to be signed with; None where unsigned.
        at: Monotonic time of arrival, in seconds.
        connection: Number of the connection, from 1.
    """

    action: str
    names: tuple[str, ...]
    with_decryption: bool | None
    version_stage: str | None
    user_agent: str
    key_id: str | None
    at: float
    connection: int


class CallLog:
    """What has arrived so far. Thread-safe."""

    def __init__(self) -> None:
        self._arrived = threading.Condition()
        self._calls: list[Call] = []

    def record(self, request: Request, action: str, body: Body) -> Call:
        """Note a call, and wake those who wait for it."""
        call = Call(
            action=action,
            names=names(body),
            with_decryption=body.get("WithDecryption"),
            version_stage=body.get("VersionStage"),
            user_agent=request.headers.get("User-Agent", ""),
            key_id=claimed_key_id(request),
            at=time.monotonic(),
            connection=request.connection,
        )
        with self._arrived:
            self._calls.append(call)
            self._arrived.notify_all()
        return call

    def all(self) -> list[Call]:
        """Every call so far."""
        with self._arrived:
            return list(self._calls)

    def wait(self, count: int, timeout: float) -> list[Call]:
        """Wait until so many calls have arrived since the start, and return all there are.

        Raises:
            TimeoutError: Fewer arrived within `timeout` seconds.
        """
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._calls) >= count, timeout):
                seen = ", ".join(call.action for call in self._calls) or "none"
                raise TimeoutError(f"waited {timeout} s for {count} calls; these came: {seen}")
            return list(self._calls)
