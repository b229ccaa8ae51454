"""Routes: where sources are read, and as whom; each has connections of its own."""

from __future__ import annotations

import re
from typing import NamedTuple

from .source import Source

# What may stand in a host's name: whatever an ARN says beside it is no region.
_REGION = re.compile(r"[a-z]{2,8}(-[a-z]{2,12}){1,3}-[0-9]{1,2}")

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_ROLE = re.compile(r"arn:aws[a-z-]{0,16}:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,576}")
ROLE_FORM = "arn:aws:iam::ACCOUNT:role/NAME"
"""How people write a role's ARN."""


class Route(NamedTuple):
    """Where a source is read.

    Attributes:
        service: the name of its service.
        region: the region, where that is another one than ours; else empty.
        role: the ARN of the role that reads it; empty for whoever runs here.
    """

    service: str
    region: str
    role: str


def route_of(source: Source, region: str) -> Route:
    """The route of a source.

    Args:
        source: the source; one that is named by an ARN is read in the ARN's region.
        region: our own region.
    """
    named = source.region
    elsewhere = named != region and _REGION.fullmatch(named) is not None
    return Route(source.service, named if elsewhere else "", source.role)


def is_role(text: str) -> bool:
    """Whether a text is a role's ARN."""
    return _ROLE.fullmatch(text) is not None
