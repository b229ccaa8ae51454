"""The instance metadata service of EC2: version 2 alone, which no tricked request can ask.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
"""

from __future__ import annotations

import time

from ...declared.credentials import Credentials, InstanceMetadata
from ...http import address
from ...http.client.connection import Connection
from ...http.failure import Failed, Kind, UpstreamError
from . import profiles
from .local_service import TIMEOUT, LocalService, unavailable

_TOKEN = "/latest/api/token"  # noqa: S105 - a path
_ROLES = "/latest/meta-data/iam/security-credentials/"
_LIVES = (("X-aws-ec2-metadata-token-ttl-seconds", "60"),)
_NAME = "the instance metadata service"
_NO_ANSWER_HINT = (
    "outside EC2, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or where credentials are; in a "
    "container on EC2, raise the instance's hop limit to 2 (aws ec2 "
    "modify-instance-metadata-options --http-put-response-hop-limit 2)"
)
_OFF_HINT = "switch it on (aws ec2 modify-instance-metadata-options --http-endpoint enabled)"


class InstanceCredentials:
    """Credentials of an instance's role.

    Args:
        metadata: where the service is.
    """

    __slots__ = ("_metadata",)

    def __init__(self, metadata: InstanceMetadata) -> None:
        self._metadata = metadata

    def fetch(self, deadline: float) -> Credentials:
        """New credentials; see `CredentialSource.fetch`."""
        try:
            server, target = address.parse_url(self._metadata.url)
        except address.MalformedAddress as error:
            hint = "correct AWS_EC2_METADATA_SERVICE_ENDPOINT"
            raise UpstreamError(Failed(Kind.REJECTED, str(error), hint)) from None
        if server.secure:
            detail = f"AWS_EC2_METADATA_SERVICE_ENDPOINT is {self._metadata.url!r}"
            raise UpstreamError(Failed(Kind.REJECTED, detail, "it must begin with http://"))
        latest = min(deadline, time.monotonic() + TIMEOUT)
        with LocalService(_NAME, Connection(server), latest) as service:
            return _credentials(service, target.rstrip("/"), profiles.hint(self._metadata.ignored))


def _credentials(service: LocalService, base: str, more: str) -> Credentials:
    """By a token that is fetched each time, as there are hours between."""
    try:
        answer = service.ask("PUT", base + _TOKEN, (*_LIVES, ("Content-Type", "text/plain")))
    except UpstreamError as error:
        detail = f"the environment has no AWS credentials, and {error.failed.detail}"
        raise unavailable(detail, hint=_NO_ANSWER_HINT + more) from error
    if answer.status == 403:
        raise service.refused(answer, hint=_OFF_HINT)
    token = answer.body.decode("latin-1")
    if answer.status != 200 or not (token.isprintable() and token.isascii()):
        raise service.refused(answer)
    known = (("X-aws-ec2-metadata-token", token),)
    answer = service.ask("GET", base + _ROLES, known)
    role = answer.body.decode("latin-1").partition("\n")[0].strip()
    if answer.status == 404 or (answer.status == 200 and not role):
        hint = "attach an instance profile with a role to the instance"
        raise unavailable("the instance has no role", hint=hint)
    if answer.status != 200 or not (role.isascii() and role.isprintable() and " " not in role):
        raise service.refused(answer)
    return service.credentials(base + _ROLES + role, known)
