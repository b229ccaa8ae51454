"""The form of a task definition of ECS: `ARN:key:stage:version`, as its `valueFrom` takes it.

The key is one of the secret's JSON as it is written, of its outermost object; each of the three may
be empty, and their colons may not be left out.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..sources.name import MalformedSource
from ..sources.secretsmanager import SecretsManager


class ValueFrom(NamedTuple):
    """What it stands for in the other form, `ARN?options#field`.

    Attributes:
        arn: the secret's ARN.
        options: its version, see `SecretsManager.options`.
        field: the key, see `json_field`; maybe empty.
    """

    arn: str
    options: Mapping[str, str]
    field: str


def parse(text: str) -> ValueFrom | None:
    """Read what a reference has before its `?`; None where it has another form.

    Raises:
        MalformedSource: it goes on behind a secret's ARN, and not by these rules.
    """
    match text.split(":"):
        case ["arn", _, SecretsManager.name, _, _, "secret", _, _, *_] as parts:
            arn, more = ":".join(parts[:7]), parts[7:]
        case _:
            return None
    match more:
        case [_, stage, version] if stage and version:
            raise MalformedSource("only one of the stage and the version of a secret can be given")
        case [key, stage, version]:
            if not _is_utf8(stage + version):
                raise MalformedSource("the stage or the version is not UTF-8")
            given = {"versionStage": stage, "versionId": version}
            return ValueFrom(arn, {name: each for name, each in given.items() if each}, _field(key))
    raise MalformedSource("what follows the secret's name is not of the form ARN:key:stage:version")


def _is_utf8(text: str) -> bool:
    """Whether a text has no half of a surrogate pair, as a variable's bytes may leave there."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _field(key: str) -> str:
    """A key as it is written; as a JSON Pointer where it would be taken for a path of keys."""
    if "." not in key and not key.startswith("/"):
        return key
    return "/" + key.replace("~", "~0").replace("/", "~1")
