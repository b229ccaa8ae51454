"""What Parameter Store says of parameters without their values.

DescribeParameters carries no values. Only where a version, a label or an ARN is asked for does
GetParameter tell more, and then its value travels undecrypted, and is dropped.
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from boto3.session import Session
from botocore.exceptions import ClientError

from ....extension.sources.parameter import Parameter
from ....extension.sources.source import Source
from ..stored import SECURE, Absent, Entry, Stored, absent

if TYPE_CHECKING:
    from types_boto3_ssm import SSMClient
    from types_boto3_ssm.type_defs import ParameterMetadataTypeDef, ParameterStringFilterTypeDef

_SERVICE = Parameter.service
_NAMES_AT_ONCE = 50  # names in one filter of DescribeParameters
_ELSEWHERE = ("arn:", "/aws/")  # names that DescribeParameters does not know


def describe(session: Session, sources: Sequence[Source]) -> dict[Source, Entry]:
    """What is stored for parameters and paths.

    Raises:
        ClientError: AWS refused for another reason than that something is missing or denied.
    """
    client = session.client("ssm")
    named = [each.name for each in sources if isinstance(each, Parameter)]
    latest = _latest(client, [name for name in named if not name.startswith(_ELSEWHERE)])
    return {source: _entry(client, source, latest) for source in sources}


def _latest(client: "SSMClient", names: Sequence[str]) -> Mapping[str, Stored] | Absent:
    """The latest version of each parameter that exists, by its name."""
    found: dict[str, Stored] = {}
    try:
        for start in range(0, len(names), _NAMES_AT_ONCE):
            some = list(names[start : start + _NAMES_AT_ONCE])
            for each in _pages(client, {"Key": "Name", "Option": "Equals", "Values": some}):
                found[each.name] = each
    except ClientError as error:
        return absent(error, _SERVICE)
    return found


def _entry(client: "SSMClient", source: Source, latest: Mapping[str, Stored] | Absent) -> Entry:
    """What is stored for a source, after the latest versions were described together."""
    try:
        if isinstance(source, Parameter):
            return _parameter(client, source, latest)
        below = _pages(client, {"Key": "Path", "Option": "Recursive", "Values": [source.name]})
        return tuple(below) or Absent("nothing below it")
    except ClientError as error:
        return absent(error, _SERVICE)


def _parameter(
    client: "SSMClient", source: Parameter, described: Mapping[str, Stored] | Absent
) -> Entry:
    latest = None if isinstance(described, Absent) else described.get(source.name)
    if not source.selector and not source.name.startswith(_ELSEWHERE):
        if isinstance(described, Absent):
            return described
        return (latest,) if latest else Absent("missing")
    found = client.get_parameter(Name=source.wire_name, WithDecryption=False)["Parameter"]
    stored = latest or Stored(source.name, found["Type"], "", None)
    modified = found.get("LastModifiedDate")
    return (replace(stored, version=str(found["Version"]), modified=modified),)


def _pages(client: "SSMClient", filtered: "ParameterStringFilterTypeDef") -> Iterator[Stored]:
    for page in client.get_paginator("describe_parameters").paginate(ParameterFilters=[filtered]):
        yield from map(_stored, page["Parameters"])


def _stored(found: "ParameterMetadataTypeDef") -> Stored:
    return Stored(
        found["Name"],
        found["Type"],
        str(found["Version"]),
        found.get("LastModifiedDate"),
        key=found.get("KeyId", "") if found["Type"] == SECURE else "",
        tier=found.get("Tier", ""),
        description=found.get("Description", ""),
        policies=_policies(each["PolicyText"] for each in found.get("Policies", ())),
    )


def _policies(texts: Iterable[str]) -> str:
    found = [json.loads(text) for text in texts]
    return json.dumps(found, separators=(",", ":")) if found else ""
