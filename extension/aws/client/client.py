"""Signed calls to one AWS service over one keep-alive connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ...declared.credentials import Credentials
from ...http.client.channel import Steps, rest
from ...http.client.connection import Connection
from ...http.dates import read_http_date
from ...http.failure import Kind, UpstreamError
from ...http.messages import Request, Response
from . import sigv4
from .call_phases import CallPhases

# After this many idle seconds a connection may have been dropped without a word, by a NAT
# gateway or during a freeze; waiting to find that out costs more than a new one.
_LONGEST_IDLE = 20.0
# A clock that is wrong by more seconds than any certificate is valid for gets no response anyway.
_LARGEST_SKEW = 400 * 86400.0


class Call(Protocol):
    """What is asked; two that are equal may have one answer."""

    @property
    def service(self) -> str:
        """The service's name."""

    @property
    def action(self) -> str:
        """Such as `GetParameters`."""

    def request(self, host: str) -> Request:
        """The unsigned request that carries it; see `sources.calls.Call.request`."""


class Signer(Protocol):
    """Gives credentials."""

    @property
    def at_hand(self) -> bool:
        """Whether nobody would wait for them."""

    def credentials(self, deadline: float) -> Credentials:
        """Those that hold now; see `CredentialProvider.credentials`."""


class Client:
    """Makes calls to one service, one at a time.

    Theory of operation: `sending` may be run ahead, on the main thread; `call` then finds its
    call under way and only receives, after the steps that are `left` of sending it. A connection
    that turns out dead when it is used again is replaced once, unnoticed.

    Args:
        service: the service's name.
        region: its region.
        signer: gives the credentials to sign with; None where nothing is signed.
        connection: the connection to it.
        note_call: notes that a call of an action of a service begins.
        clock: the time, in seconds since the epoch.
    """

    __slots__ = (
        "_clock",
        "_connection",
        "_deferred",
        "_host",
        "_note_call",
        "_region",
        "_service",
        "_signer",
        "_skew",
        "_under_way",
        "_used",
    )

    def __init__(
        self,
        service: str,
        region: str,
        signer: Signer | None,
        connection: Connection,
        note_call: Callable[[str, str], CallPhases],
        clock: Callable[[], float],
    ) -> None:
        self._service = service
        self._region = region
        self._signer = signer
        self._note_call = note_call
        self._clock = clock
        self._connection = connection
        self._host = connection.address.authority
        self._skew = 0.0  # seconds by which AWS's clock is ahead of ours, for signatures alone
        self._deferred: Steps | None = None
        self._under_way: tuple[Call, CallPhases] | None = None
        self._used = 0.0

    def sending(self, call: Call, deadline: float) -> Steps:
        """The steps of sending a call ahead of `call`, for `channel.complete`.

        Where somebody would have to wait for credentials, they only open the connection.

        Args:
            call: what to ask.
            deadline: the latest moment, in seconds of `time.monotonic`.
        """
        if self._signer is not None and not self._signer.at_hand:
            yield from self._connection.opening()
            self._used = self._clock()
            return
        noted = self._note_call(call.service, call.action)
        try:
            opening = self._connection.opening(noted.mark)
            wait = next(opening, None)
            request = self._signed(call, deadline, noted)  # while the network is at work
            if wait is not None:
                yield from rest(wait, opening)
            yield from self._connection.writing(request, noted.mark)
        except UpstreamError as error:
            noted.failed(error.failed.detail)
            raise
        self._under_way = call, noted

    def defer(self, steps: Steps) -> None:
        """Have `call` do the rest of `sending`."""
        self._deferred = steps

    def reset(self) -> None:
        """Give up what was sent or half sent; the next call begins on a new connection."""
        self._deferred = self._under_way = None
        self._connection.close()

    def set_clock(self, response: Response) -> None:
        """Sign by the time of a response from now on, where it says what time it is."""
        now = self._clock()
        told = read_http_date(response.fields.get("date", ""))
        if told is not None and abs(told - now) < _LARGEST_SKEW:
            self._skew = told - now

    def call(self, call: Call, deadline: float) -> Response:
        """Make a call, or finish it where it is under way.

        Args:
            call: what to ask.
            deadline: the latest moment, in seconds of `time.monotonic`.

        Returns:
            The service's response, whatever its status.

        Raises:
            UpstreamError: there is none.
        """
        deferred, self._deferred = self._deferred, None
        if deferred is not None:
            self._connection.finish(deferred, deadline)
        if abs(self._clock() - self._used) > _LONGEST_IDLE and self._under_way is None:
            self._connection.close()
        reused = self._connection.is_open and self._under_way is None
        try:
            return self._exchange(call, deadline)
        except UpstreamError as error:
            if not reused or error.failed.kind is not Kind.UNREACHABLE:
                raise
        return self._exchange(call, deadline)

    def _exchange(self, call: Call, deadline: float) -> Response:
        sent, self._under_way = self._under_way, None
        if sent is not None and sent[0] != call:
            sent = None
        noted = sent[1] if sent else self._note_call(call.service, call.action)
        try:
            if sent is None:
                self._connection.send(self._signed(call, deadline, noted), deadline, noted.mark)
            response = self._connection.receive(deadline)
        except UpstreamError as error:
            noted.failed(error.failed.detail)
            raise
        noted.answered(response.status)
        self._used = self._clock()
        return response

    def _signed(self, call: Call, deadline: float, noted: CallPhases) -> Request:
        request = call.request(self._host)
        if self._signer is None:
            return request
        credentials = self._signer.credentials(deadline)
        now = self._clock() + self._skew
        signed = sigv4.sign(request, credentials, self._region, self._service, now)
        noted.mark("signed")
        return signed
