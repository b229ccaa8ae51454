"""Roles that are assumed at STS: with credentials, or for a web identity's token."""

from __future__ import annotations

import time
from collections.abc import Callable

from ...declared.credentials import Credentials, WebIdentity
from ...declared.files import text_file, token_file
from ...http.client.channel import Steps
from ...http.failure import Failed, Kind, UpstreamError
from ..client.client import Client
from . import sts
from .local_service import unavailable
from .provider import CredentialProvider
from .sts import StsCall

_LARGEST_TOKEN = 20000  # bytes, which STS takes


class AssumedRole:
    """Credentials of a role, by a call of STS.

    Args:
        client: a client of STS.
        call: makes the call.
        signer: gives the credentials that the client signs with, or None where it does not.
        timeout: how long the call may take, in seconds.
    """

    __slots__ = ("_call", "_client", "_signer", "_timeout")

    def __init__(
        self,
        client: Client,
        call: Callable[[], StsCall],
        signer: CredentialProvider | None,
        timeout: float,
    ) -> None:
        self._client = client
        self._call = call
        self._signer = signer
        self._timeout = timeout

    def begin(self, deadline: float) -> tuple[Client, Steps]:
        """The client, and the steps of sending the call ahead of `fetch`; see `Client.sending`."""
        return self._client, self._sending(deadline)

    def fetch(self, deadline: float) -> Credentials:
        """New credentials; see `CredentialSource.fetch`."""
        outcome = self._attempt(deadline)
        if isinstance(outcome, Failed) and outcome.kind is Kind.EXPIRED:
            outcome = self._attempt(deadline)
        if isinstance(outcome, Failed):
            raise UpstreamError(outcome)
        return outcome

    def _sending(self, deadline: float) -> Steps:
        yield from self._client.sending(self._call(), deadline)

    def _attempt(self, deadline: float) -> Credentials | Failed:
        call = self._call()
        response = self._client.call(call, min(deadline, time.monotonic() + self._timeout))
        outcome = sts.read(response, call.role)
        if isinstance(outcome, Failed) and outcome.kind is Kind.EXPIRED:
            self._client.set_clock(response)
            if self._signer is not None:
                self._signer.renew()
        return outcome


def by_web_identity(identity: WebIdentity) -> StsCall:
    """The call that gives credentials for a token, which is read now.

    Args:
        identity: whose token it is.

    Raises:
        UpstreamError: there is no role, or no token.
    """
    if not identity.role:
        detail = "AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not"
        raise UpstreamError(Failed(Kind.REJECTED, detail, "name the role in AWS_ROLE_ARN"))
    path = identity.token_file
    try:
        token = token_file.read(path, _LARGEST_TOKEN)
    except (OSError, UnicodeDecodeError) as error:
        reason = text_file.why_unreadable(error)
        raise unavailable(
            f"the web identity token {path} can't be read: {reason}",
            hint="correct AWS_WEB_IDENTITY_TOKEN_FILE",
        ) from None
    form = (("RoleSessionName", identity.session_name), ("WebIdentityToken", token))
    return StsCall("AssumeRoleWithWebIdentity", identity.role, form)


def by_signature(role: str, session_name: str, external_id: str) -> StsCall:
    """The call that gives a role's credentials to who may assume it.

    Args:
        role: its ARN.
        session_name: what CloudTrail calls those who use it.
        external_id: what the role's trust policy asks for; empty for nothing.
    """
    external = (("ExternalId", external_id),) if external_id else ()
    return StsCall("AssumeRole", role, (("RoleSessionName", session_name), *external))
