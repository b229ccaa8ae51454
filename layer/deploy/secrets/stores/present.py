"""What is stored under a name already, so that the same is not stored again."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from boto3.session import Session
from botocore.exceptions import ClientError

from ....extension.sources.parameter import Parameter
from ...output.failure import Failure
from .. import description
from ..stored import Absent, Stored

if TYPE_CHECKING:
    from types_boto3_ssm.type_defs import ParameterTypeDef


@dataclass(frozen=True, slots=True)
class Present:
    """What is stored now.

    Attributes:
        stored: How it is described.
        value: Its value; None where the operator may not read it.
        unknown: Why the value could not be read; empty where it could.
        described: Whether key, tier and description are known.
    """

    stored: Stored
    value: str | None = field(repr=False)
    unknown: str = ""
    described: bool = True


def look_up(session: Session, name: str) -> Present | None:
    """What is stored under a name; None where nothing is.

    Raises:
        Failure: Neither a description nor the value may be seen.
    """
    [entry] = description.look_up(session, [Parameter(name)]).values()
    if isinstance(entry, Absent) and entry.reason != "denied":
        return None
    try:
        read = session.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "ParameterNotFound":
            return None
        if isinstance(entry, Absent):
            raise Failure(
                f"there is no permission to see whether {name} is stored already",
                "grant ssm:DescribeParameters, or ssm:GetParameter on it",
            ) from None
        return Present(entry[0], None, f"not compared with the current one: {code}")
    if isinstance(entry, Absent):
        return Present(_without_description(read), read["Value"], described=False)
    return Present(entry[0], read["Value"])


def _without_description(read: "ParameterTypeDef") -> Stored:
    return Stored(read["Name"], read["Type"], str(read["Version"]), read.get("LastModifiedDate"))
