"""The account that a command works in."""

import os
from functools import cached_property

from boto3.session import Session


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
        self.session = Session(profile_name=profile, region_name=chosen)

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
