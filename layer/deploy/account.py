"""The account that a command works in, and who an operator is there.

A command that writes shows that first, so that a live key does not end up in the account for tests.
"""

import os
import threading
from functools import cached_property
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import ClientError

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 10}, max_pool_connections=32)
"""What a client does when AWS throttles: wait and try again."""


class _Session(Session):
    """A session that makes each client once, for all threads.

    To make one takes tens of milliseconds of CPU, and a command needs the same ones for each
    function. Clients serve several threads; sessions don't:
    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._made: dict[tuple[str, Config | None], Any] = {}
        self._one_at_a_time = threading.Lock()

    def client(self, service_name: str, config: Config | None = None) -> Any:  # type: ignore[override]
        """A client of a service; the same one for the same configuration."""
        with self._one_at_a_time:
            if (service_name, config) not in self._made:
                made: Any = super().client(service_name, config=config)  # type: ignore[call-overload]
                self._made[service_name, config] = made
            return self._made[service_name, config]


class Account:
    """An AWS account as one profile sees it, in one region.

    Args:
        profile: The profile's name; None for the default of the AWS SDKs.
        region: The region; None for that of `AWS_REGION`, which boto3 alone of the SDKs does not
            read, or else for the profile's own.

    Raises:
        botocore.exceptions.ProfileNotFound: There is no such profile.
    """

    def __init__(self, profile: str | None = None, region: str | None = None) -> None:
        self.profile = profile
        chosen = region or os.environ.get("AWS_REGION") or None
        self.session: Session = _Session(profile_name=profile, region_name=chosen)

    def __repr__(self) -> str:
        return f"Account(profile={self.profile!r}, region={self.session.region_name!r})"

    @cached_property
    def id(self) -> str:
        """Its twelve digits, which AWS is asked for.

        Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        """
        return self.session.client("sts").get_caller_identity()["Account"]

    @property
    def region(self) -> str:
        """The region, e.g. `eu-central-1`; empty where none is chosen."""
        return self.session.region_name or ""

    def describe(self) -> str:
        """The account's number, its alias where that may be read, and the region and profile."""
        alias = self._alias()
        named = f"account {self.id} ({alias})" if alias else f"account {self.id}"
        profile = f", profile {self.profile}" if self.profile else ""
        return f"{named}, region {self.region}{profile}"

    def _alias(self) -> str:
        """https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html."""
        try:
            found = self.session.client("iam").list_account_aliases()["AccountAliases"]
        except ClientError:
            return ""
        return found[0] if found else ""
