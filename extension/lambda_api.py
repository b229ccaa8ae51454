"""The client of the Lambda Extensions API. `register` comes first, and gives the rest."""

from __future__ import annotations

import time

from . import lambda_events
from .connection import Connection
from .upstream_error import UpstreamError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .address import Address
    from .http1 import Request, Response
    from .lambda_events import Invoke, Shutdown

_TIMEOUT = 5.0  # seconds, for all but `next`
# Rapid opens its API beside starting extensions, and now and then an extension is faster.
_REFUSED_FOR = 0.01
_BETWEEN = 0.0002


class LambdaApiError(Exception):
    """The Extensions API refused something, or answered nothing that makes sense."""


class Registration:
    """A registration: sent at once, answered later.

    Args:
        api: the Runtime API's address.
        name: the extension's name, which is its executable's file name.
    """

    __slots__ = ("_adopted", "_api", "_connection", "_name", "_sent")

    def __init__(self, api: Address, name: str) -> None:
        self._api = api
        self._name = name
        self._connection = Connection(api)
        self._sent = False
        self._adopted = False

    def adopt(self, descriptor: int) -> None:
        """Take over a connection on which somebody has sent the request already."""
        try:
            self._connection.adopt(descriptor)
        except OSError:
            return  # it is no socket: the request is sent again
        self._sent = self._adopted = True

    def send(self) -> None:
        """Send the request.

        Raises:
            LambdaApiError: it can't be sent.
        """
        request = lambda_events.register(self._api.authority, self._name)
        give_up = time.monotonic() + _REFUSED_FOR
        while True:
            try:
                self._connection.send(request, time.monotonic() + _TIMEOUT)
                break
            except UpstreamError as error:
                if time.monotonic() > give_up:
                    raise LambdaApiError(f"can't register: {error}") from error
                time.sleep(_BETWEEN)
        self._sent = True

    def finish(self) -> RegisteredExtension:
        """Wait for the answer.

        Raises:
            LambdaApiError: the registration was refused.
        """
        response = self._answer()
        identifier = response.header("lambda-extension-identifier")
        if response.status != 200 or not identifier:
            raise LambdaApiError(
                f"register was refused with status {response.status}; the extension's file must "
                f"lie in /opt/extensions under the name {self._name!r}"
            )
        return RegisteredExtension(self._api, self._connection, identifier)

    def _answer(self) -> Response:
        adopted, self._adopted = self._adopted, False
        if not self._sent:
            self.send()
        try:
            return self._connection.receive(time.monotonic() + _TIMEOUT)
        except UpstreamError as error:
            if adopted:  # whoever sent it did not get through
                self._sent = False
                return self._answer()
            raise LambdaApiError(f"no answer to register: {error}") from error


class RegisteredExtension:
    """What a registered extension may do.

    Args:
        api: the Runtime API's address.
        connection: the connection on which it registered.
        identifier: what the API calls it.
    """

    __slots__ = ("_api", "_connection", "_identifier")

    def __init__(self, api: Address, connection: Connection, identifier: str) -> None:
        self._api = api
        self._connection = connection
        self._identifier = identifier

    def next_event(self) -> Invoke | Shutdown:
        """Say that the extension is done, and wait for the next event, however long it takes.

        Raises:
            LambdaApiError: there is none.
        """
        request = lambda_events.next_event(self._api.authority, self._identifier)
        response = _exchange(self._connection, request, None)
        try:
            return lambda_events.parse_event(response.body)
        except lambda_events.MalformedEvent as error:
            raise LambdaApiError(str(error)) from error

    def init_error(self, error_type: str, message: str) -> None:
        """Report that init failed; the extension must exit after it.

        Raises:
            LambdaApiError: the report was refused.
        """
        self._report("init", error_type, message)

    def exit_error(self, error_type: str, message: str) -> None:
        """Report that the extension is about to exit after init.

        Raises:
            LambdaApiError: the report was refused.
        """
        self._report("exit", error_type, message)

    def _report(self, phase: str, error_type: str, message: str) -> None:
        request = lambda_events.failure(
            self._api.authority, self._identifier, phase, error_type, message
        )
        # `next` may be blocking on the other connection.
        _exchange(Connection(self._api), request, time.monotonic() + _TIMEOUT)


def _exchange(connection: Connection, request: Request, deadline: float | None) -> Response:
    try:
        connection.send(request, time.monotonic() + _TIMEOUT)
        response = connection.receive(deadline)
    except UpstreamError as error:
        raise LambdaApiError(f"{request.target} failed: {error}") from error
    if response.status not in (200, 202):
        raise LambdaApiError(f"{request.target} was refused with status {response.status}")
    return response
