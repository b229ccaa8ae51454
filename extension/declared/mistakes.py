"""Values that look like mistakes: references that are none, and what templates have left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import stages
from .declarations import MARK
from .environment.variables import AWS_PREFIX, PREFIX

_AROUND = "\"'`\ufeff\u200b"  # quotes, and what nobody sees: a byte order mark, a zero-width space
_LONGEST = 200  # characters of a value that are shown
# How templates write what is to be filled in: shells, CloudFormation, Serverless Framework.
_UNEXPANDED = (("${", "${…}"), ("{{resolve:", "{{resolve:…}}"))
_RELEVANT = (PREFIX, AWS_PREFIX, "SSM_PARAMETER_STORE_", "SECRETS_MANAGER_", "AWS_")


def of(environ: Mapping[str, str]) -> Iterator[str]:
    """What looks like a mistake in an environment, a sentence each.

    Args:
        environ: the process's environment.
    """
    for name, value in sorted(environ.items()):
        meant = value.strip().strip(_AROUND).strip()
        mark, colon, rest = meant.partition(":")
        right = f"{MARK}{rest.strip()}"
        if f"{mark.strip().lower()}{colon}" == MARK and value != right:
            yield (
                f"{name} is {value[:_LONGEST]!r}, which is no reference as it stands; "
                f"write {name}={right[:_LONGEST]}"
            )
        if name.startswith(_RELEVANT) or name in stages.VARIABLES or meant.startswith(MARK):
            for text, shown in _UNEXPANDED:
                if text in value:
                    yield f"{name} holds {shown}, which nobody has filled in"
