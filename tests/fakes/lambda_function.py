"""A function in Lambda, as its API describes it."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.operator import ACCOUNT, REGION

CODE = b"PK\x05\x06" + bytes(18)  # an empty zip


@dataclass
class Function:
    """A function.

    Attributes:
        described: Its configuration.
        tags: Its tags.
        is_warm: Whether an environment of it is there.
        versions: Those that are published.
        busy: How often it still says that an update is under way.
    """

    described: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    is_warm: bool = False
    versions: set[str] = field(default_factory=set)
    busy: int = 0


def describe(name: str) -> dict[str, Any]:
    """The configuration of a function that has been there for long."""
    return {
        "FunctionName": name,
        "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
        "Runtime": "python3.13",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/service/{name}",
        "Handler": "a.handler",
        "CodeSize": len(CODE),
        "CodeSha256": base64.b64encode(hashlib.sha256(CODE).digest()).decode(),
        "MemorySize": 512,
        "Timeout": 30,
        "Version": "$LATEST",
        "Architectures": ["x86_64"],
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "RevisionId": "1",
        "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": [], "VpcId": ""},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
    }
