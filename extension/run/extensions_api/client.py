"""The client of the Lambda Extensions API: only what has registered can ask for events."""

from __future__ import annotations

import socket
import time

from ...http.address import Address
from ...http.client.connection import Connection
from ...http.failure import UpstreamError
from ...http.messages import Request, Response
from . import events
from .events import Invoke, Shutdown

_TIMEOUT = 5.0  # seconds; the response to `next` is not waited for, but watched
# Seconds. Rapid opens its API while it starts extensions, and now and then one of them is faster.
_RETRY_FOR = 0.01
_RETRY_AFTER = 0.0002


class LambdaApiError(Exception):
    """The Extensions API refused a request, or its response makes no sense."""


class Registration:
    """A registration: sent at once, answered later.

    Args:
        api: the Runtime API's address.
        name: the extension's name, which is its executable's file name.
    """

    __slots__ = ("_api", "_connection", "_name", "_resumed", "_sent")

    def __init__(self, api: Address, name: str) -> None:
        self._api = api
        self._name = name
        self._connection = Connection(api)
        self._sent = False
        self._resumed = False

    def resume_from(self, descriptor: str) -> bool:
        """Take over a connection on which somebody has sent the request already.

        Args:
            descriptor: its number, as text from the environment, which may be anything.

        Returns:
            Whether it was taken over. Anything but a connection to the API is left alone: it may
            be a descriptor of our own.
        """
        if not (descriptor.isascii() and descriptor.isdigit() and len(descriptor) < 8):
            return False
        if not _is_connected(int(descriptor), self._api):
            return False
        self._connection.resume_from(int(descriptor))
        self._sent = self._resumed = True
        return True

    def send(self) -> None:
        """Send the request.

        Raises:
            LambdaApiError: it can't be sent.
        """
        request = events.register(self._api.authority, self._name)
        give_up = time.monotonic() + _RETRY_FOR
        while True:
            try:
                self._connection.send(request, time.monotonic() + _TIMEOUT)
                break
            except UpstreamError as error:
                if time.monotonic() > give_up:
                    raise LambdaApiError(f"can't register: {error}") from error
                time.sleep(_RETRY_AFTER)
        self._sent = True

    def finish(self) -> RegisteredExtension:
        """Wait for the response.

        Raises:
            LambdaApiError: the registration was refused.
        """
        response = self._answer()
        if response.status != 200:
            raise LambdaApiError(
                f"register was refused with status {response.status}; the extension's file must "
                f"be in /opt/extensions and be named {self._name!r}"
            )
        identifier = response.fields.get("lambda-extension-identifier")
        if not identifier:
            raise LambdaApiError(
                f"{self._api.authority} answered register, but not as Lambda's Extensions API "
                "does; AWS_LAMBDA_RUNTIME_API must name that API, and Lambda sets it"
            )
        return RegisteredExtension(self._api, self._connection, identifier)

    def _answer(self) -> Response:
        resumed, self._resumed = self._resumed, False
        if not self._sent:
            self.send()
        try:
            return self._connection.receive(time.monotonic() + _TIMEOUT)
        except UpstreamError as error:
            if resumed:  # the launcher's request did not get through
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

    __slots__ = ("_api", "_connection", "_identifier", "_initialised", "_next")

    def __init__(self, api: Address, connection: Connection, identifier: str) -> None:
        self._api = api
        self._connection = connection
        self._identifier = identifier
        self._initialised = False
        self._next = events.next_event(api.authority, identifier)

    def request_event(self) -> None:
        """Say that the extension is done with init or with the last event, and ask for the next.

        Raises:
            LambdaApiError: the request can't be sent.
        """
        self._initialised = True
        _send(self._connection, self._next)

    def fileno(self) -> int:
        """The descriptor that is ready once the event comes that was asked for."""
        return self._connection.fileno()

    def receive_event(self) -> Invoke | Shutdown:
        """Take the event that was asked for, which has begun to come.

        Raises:
            LambdaApiError: the API failed, or its response is not an event.
        """
        response = _receive(self._connection, self._next)
        try:
            return events.parse_event(response.body)
        except events.MalformedEvent as error:
            raise LambdaApiError(str(error)) from error

    def report(self, error_type: str, message: str) -> None:
        """Report why the extension is about to exit, as an init error until `next` was called.

        Args:
            error_type: a name of the form `Extension.Reason`.
            message: the reason, for a person.

        Raises:
            LambdaApiError: the report was refused.
        """
        phase = "exit" if self._initialised else "init"
        request = events.failure(self._api.authority, self._identifier, phase, error_type, message)
        # The response to `next` may be due on the other connection.
        connection = Connection(self._api)
        _send(connection, request)
        _receive(connection, request)


def _is_connected(descriptor: int, address: Address) -> bool:
    try:
        connection = socket.socket(fileno=descriptor)
    except OSError:
        return False  # not open, or not a socket
    try:
        peer: object = connection.getpeername()
        return peer == (address.host, address.port)
    except OSError:
        return False  # listening, or no longer connected
    finally:
        connection.detach()


def _send(connection: Connection, request: Request) -> None:
    try:
        connection.send(request, time.monotonic() + _TIMEOUT)
    except UpstreamError as error:
        raise LambdaApiError(f"{request.target} failed: {error}") from error


def _receive(connection: Connection, request: Request) -> Response:
    try:
        response = connection.receive(time.monotonic() + _TIMEOUT)
    except UpstreamError as error:
        raise LambdaApiError(f"{request.target} failed: {error}") from error
    if response.status not in (200, 202):
        raise LambdaApiError(f"{request.target} was refused with status {response.status}")
    return response
