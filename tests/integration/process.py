"""A process that serves the endpoint, for the time of a `with` block.

Its environment holds what the test gives it and nothing else.
"""

import json
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Self

import requests

from tests.canary.process import assert_leaves_no_core, witness
from tests.canary.watch import WATCH
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import LOOPBACK
from tests.patience import PATIENCE
from tests.rapid import processes
from tests.rapid.log import Log
from tests.rapid.ports import ReservedPort

_SHORT = 1.0  # seconds, for one that may be too busy to answer
STATUS = "/v1/status"
PORTS = ("WARMKEY_PORT", "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT")
_MOST = "60000"  # milliseconds
PATIENT_SERVICES = {
    "SSM_PARAMETER_STORE_TIMEOUT_MILLIS": _MOST,
    "SECRETS_MANAGER_TIMEOUT_MILLIS": _MOST,
    "WARMKEY_PREFETCH_TIMEOUT_MILLIS": _MOST,
}
"""The longest time-outs there are: what a busy machine is slow to do goes wrong for no one."""
SHORT = {"SSM_PARAMETER_STORE_TIMEOUT_MILLIS": "500"}
"""For a fetch that must fail: its five attempts are over soon, yet outlast a pause of a second.

The other service's time-out stays what it is: by the longer one a reader is told that it is late.
"""
STEADY = {"SSM_PARAMETER_STORE_TIMEOUT_MILLIS": "1500"}
"""For a fetch that has one attempt, as a stale value is held: that outlasts such a pause, too."""


class EndpointProcess:
    """A process, until the `with` block ends.

    Args:
        command: What starts it.
        environment: Its variables; `WARMKEY_PORT` is added where none of `PORTS` is among them.
        descriptors: What it inherits beside its standard streams, under the same numbers.

    Attributes:
        token: What `get` sends in the token's header; the session token, unless told otherwise.
        process: The process.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        descriptors: Sequence[int] = (),
    ) -> None:
        self._command = command
        self._environment = dict(environment)
        self._descriptors = descriptors
        self.token = environment.get("AWS_SESSION_TOKEN", "")

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if not any(self._environment.get(name) for name in PORTS):
                reserved = stack.enter_context(ReservedPort())
                self._environment["WARMKEY_PORT"] = str(reserved.number)
            self._session = stack.enter_context(requests.Session())
            self._session.trust_env = False
            self.process = self._started()
            stack.callback(self._end)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def port(self) -> int:
        """The endpoint's port on 127.0.0.1."""
        return int(next(filter(None, map(self._environment.get, PORTS))))

    @property
    def output(self) -> str:
        """Everything it has written to standard output and standard error so far."""
        return self._stdout.text + self._stderr.text

    @property
    def errors(self) -> str:
        """What it has written to standard error so far."""
        return self._stderr.text

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it has logged so far.

        Raises:
            ValueError: It has written something to standard output that is not its log.
        """
        return [json.loads(line) for line in self._stdout.text.splitlines()]

    def logged(self, level: str) -> list[dict[str, Any]]:
        """What it has logged so far at one level, such as `ERROR`."""
        return [line for line in self.lines if line["level"] == level]

    def wait_for_line(self, text: str) -> dict[str, Any]:
        """Wait until a log line holds this text, and return the first.

        Raises:
            TimeoutError: None has come.
        """
        found = self._stdout.wait_for(f"^.*{re.escape(text)}.*$", PATIENCE)
        line: dict[str, Any] = json.loads(found[0])
        return line

    def wait_for_end(self) -> int:
        """Wait until it has ended and all its output is there; return the exit code."""
        code = self.process.wait(PATIENCE)
        self._stdout.wait_for_end(PATIENCE)
        self._stderr.wait_for_end(PATIENCE)
        return code

    def get(
        self, target: str, headers: Mapping[str, str | bytes | None] | None = None
    ) -> requests.Response:
        """Ask the endpoint, over kept-alive connections.

        Args:
            target: The path, percent-encoded, and the query.
            headers: Headers beside the token's, or instead of it; None leaves one out.
        """
        response = self._session.get(
            f"http://{LOOPBACK}:{self.port}{target}",
            headers={TOKEN_HEADER: self.token, **(headers or {})},
            timeout=PATIENCE,
        )
        if not response.ok or target.startswith(STATUS):
            WATCH.note(f"the answer to {target}", f"{response.headers}\n{response.text}")
        return response

    def read(self, alias: str) -> str:
        """The value of a secret.

        Raises:
            requests.HTTPError: The endpoint gives none.
        """
        response = self.get(f"/v1/secrets/{alias}")
        response.raise_for_status()
        return response.text

    def status(self, *, authenticated: bool = True) -> dict[str, Any]:
        """What it says of itself, to who shows the token or does not."""
        headers = {} if authenticated else {TOKEN_HEADER: None}
        answer: dict[str, Any] = self.get(STATUS, headers).json()
        return answer

    def wait_for_count(self, counter: str, count: int) -> None:
        """Wait until one of its counters has come so far: `reads` counts those that wait, too.

        Raises:
            TimeoutError: It has not.
        """
        ends = time.monotonic() + PATIENCE
        while (reached := self.status(authenticated=False)["counters"][counter]) < count:
            if time.monotonic() > ends:
                raise TimeoutError(f"{counter} has come to {reached}, and not to {count}")

    def request(self, target: str = "/ping", *lines: str, version: str = "HTTP/1.1") -> bytes:
        """The bytes of a GET with the right Host and token.

        Args:
            target: The request target.
            lines: More header lines.
            version: The version in the request line.
        """
        host, token = f"Host: {LOOPBACK}:{self.port}", f"{TOKEN_HEADER}: {self.token}"
        head = [f"GET {target} {version}", host, token, *lines, "", ""]
        return "\r\n".join(head).encode()

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 - our own layer
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=self._descriptors,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        self._stdout, self._stderr = Log(process.stdout), Log(process.stderr)
        return process

    def _end(self) -> None:
        if self.process.poll() is None:
            self._witness()
        self.process.kill()
        self.wait_for_end()
        WATCH.look()

    def _witness(self) -> None:
        """Note what it shows of itself; where it stands still or is too busy, without status."""
        witness(self.process.pid)
        if processes.stopped(self.process.pid):
            return
        try:
            url = f"http://{LOOPBACK}:{self.port}{STATUS}"
            status = self._session.get(url, timeout=_SHORT)
        except requests.RequestException:
            return
        WATCH.note("its status", status.text)
        assert_leaves_no_core(self.process.pid)
