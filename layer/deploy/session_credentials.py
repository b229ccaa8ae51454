"""Credentials of a boto3 session: profiles, SSO, `credential_process` and whatever else it knows.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

import time

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError

from ..extension.declared.credentials import Credentials
from ..extension.http.failure import Failed, Kind, UpstreamError
from .output import failure

_ASKED_AGAIN = 60.0  # seconds; boto3 itself knows when they expire, and keeps them until then


class SessionCredentials:
    """Gives them to the daemon.

    Args:
        session: The session.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def fetch(self, _deadline: float) -> Credentials:
        """The session's credentials, which it renews itself.

        Raises:
            UpstreamError: There are none, or nobody is signed in.
        """
        try:
            found = self._session.get_credentials()
            keys = found.get_frozen_credentials() if found else None
        except (BotoCoreError, ClientError) as error:
            told = failure.of_aws(error)
            raise UpstreamError(Failed(Kind.INVALID, told.message)) from error
        if keys is None or not (keys.access_key and keys.secret_key):
            detail = f"there are no AWS credentials in profile {self._session.profile_name}"
            hint = "sign in (aws sso login), or name another profile (--profile, AWS_PROFILE)"
            raise UpstreamError(Failed(Kind.REJECTED, detail, hint))
        expires_at = time.time() + _ASKED_AGAIN if keys.token else None
        return Credentials(keys.access_key, keys.secret_key, keys.token, expires_at)
