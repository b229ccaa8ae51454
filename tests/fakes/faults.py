"""What a fake can be told to do wrong, and for which call.

A fault is queued under a key: an action (`GetParameters`), a name as it is asked for (`/a/b`, a
secret's id; `/a/b:3` for that selector alone), or `ANY`. Each call takes one fault at most: that
of `ANY`, else of its action, else of the first of its names that has one. So one poisoned name
fails a whole GetParameters batch, as in life.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from tests.fakes.aws_error import AwsError
from tests.fakes.http_service import Delivery

ANY = "*"


@dataclass(frozen=True, slots=True)
class Deny:
    """AccessDeniedException that names the caller, the action and the resource."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """An error of the service: `__type`, message, HTTP status."""

    kind: str
    message: str = ""
    status: int = 400

    def error(self) -> AwsError:
        """The error to raise."""
        return AwsError(self.kind, self.message, status=self.status)


@dataclass(frozen=True, slots=True)
class Reply:
    """Another body, with status 200 unless told: an answer that is not JSON, for instance.

    Attributes:
        error_type: What `x-amzn-ErrorType` says; empty for no such header.
    """

    body: bytes
    status: int = 200
    error_type: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """Wait until the event is set (leaving the fake sets it too), then do `then` or go on."""

    until: threading.Event
    then: "Fault | None" = None


@dataclass(frozen=True, slots=True)
class Late:
    """Wait a fixed time, in seconds; for benchmarks, since tests wait on events."""

    seconds: float


Fault = Deny | Refuse | Reply | Hold | Late | Delivery

THROTTLE = Refuse("ThrottlingException", "Rate exceeded")
INTERNAL_ERROR = Refuse("InternalServerError", "An internal error occurred.", 500)
GARBAGE = Reply(b'{"Parameter": {"Name": "/a", "Val')


class FaultPlan:
    """The faults to come. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._once: defaultdict[str, deque[Fault | None]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}
        self._held: list[threading.Event] = []

    def once(self, key: str, *faults: Fault | None) -> None:
        """Queue faults, one for each of the next calls of this key; None lets a call through."""
        with self._lock:
            self._once[key].extend(faults)
            for fault in faults:
                self._remember(fault)

    def always(self, key: str, fault: Fault) -> None:
        """Have this fault on every call of this key, once its queue is empty."""
        with self._lock:
            self._always[key] = fault
            self._remember(fault)

    def clear(self) -> None:
        """Forget every fault, and let go of the calls that are held."""
        with self._lock:
            self._once.clear()
            self._always.clear()
        self.release()

    def take(self, action: str, names: Sequence[str]) -> tuple[Fault | None, str]:
        """The fault of this call, and the name that it is about; empty without names."""
        first = names[0] if names else ""
        keys = [(ANY, first), (action, first)]
        keys += [(key, name) for name in names for key in (name, _base(name))]
        with self._lock:
            for key, name in keys:
                if self._once.get(key):
                    return self._once[key].popleft(), name
                if key in self._always:
                    return self._always[key], name
        return None, first

    def release(self) -> None:
        """Set the event of every Hold."""
        with self._lock:
            held, self._held = self._held, []
        for event in held:
            event.set()

    def _remember(self, fault: Fault | None) -> None:
        while isinstance(fault, Hold):
            self._held.append(fault.until)
            fault = fault.then


def _base(name: str) -> str:
    return name if name.startswith("arn:") else name.partition(":")[0]


def wait_out(fault: Fault | None) -> Fault | None:
    """Do the waiting that a fault asks for, and return what it asks for after that."""
    match fault:
        case Hold(until, then):
            until.wait()
            return wait_out(then)
        case Late(seconds):
            time.sleep(seconds)
            return None
        case _:
            return fault
