"""Layers: their ARNs, and what they tell. `arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION`."""

import re
from dataclasses import dataclass

ARCHITECTURES = ("x86_64", "arm64")
MOST = 5
"""How many layers a function can have.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

NAMES = {architecture: f"warmkey-{architecture}" for architecture in ARCHITECTURES}
"""What Warmkey's layer is called, by architecture."""

_BY_HAND = "warmkey"  # without an architecture, as somebody may call it who publishes it by hand
# The name is the same in every account that AWS publishes it from; `-Arm64` may follow. Source:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
_AWS_EXTENSION = "AWS-Parameters-and-Secrets-Lambda-Extension"
_TITLE = "Warmkey"
# https://packaging.python.org/en/latest/specifications/version-specifiers/
_VERSION = re.compile(r"(\d+(?:\.\d+)*)(?:[-._]?(a|alpha|b|beta|rc|dev)[-._]?(\d*))?")
_BEFORE = ("dev", "a", "b", "rc")  # what precedes a release, in this order


@dataclass(frozen=True, slots=True)
class LayerVersion:
    """One published version of a layer.

    Attributes:
        arn: Its ARN, which ends in its number.
        description: What its publisher wrote.
        architectures: For which it says it is; empty where it says nothing.
    """

    arn: str
    description: str = ""
    architectures: tuple[str, ...] = ()

    @property
    def warmkey(self) -> str:
        """The version of Warmkey in it, e.g. `0.1.0`; empty where the description is another."""
        title, _, version = self.description.partition(" ")
        return version if title == _TITLE and _VERSION.fullmatch(version) else ""

    @property
    def number(self) -> int:
        """Lambda's number for it, counted from 1."""
        return int(self.arn.rpartition(":")[2])


def describe(version: str) -> str:
    """The description that a layer version carries, so that its content can be told later."""
    return f"{_TITLE} {version}"


def name_in(arn: str) -> str:
    """The layer's name in the ARN of one of its versions."""
    parts = arn.split(":")
    return parts[6] if len(parts) > 6 else ""


def without_number(arn: str) -> str:
    """The ARN of the layer that a version belongs to."""
    return arn.rpartition(":")[0]


def is_warmkey(arn: str) -> bool:
    """Whether a layer is Warmkey's, in whatever version and architecture."""
    return name_in(arn) in {_BY_HAND, *NAMES.values()}


def is_aws_extension(arn: str) -> bool:
    """Whether a layer is AWS's own Parameters and Secrets extension."""
    return name_in(arn).startswith(_AWS_EXTENSION)


def order(version: str) -> tuple[tuple[int, ...], int, int]:
    """A key that sorts versions of Warmkey by age; one that tells nothing is the oldest.

    What precedes a release, such as `0.2.0rc1`, is older than that.
    """
    found = _VERSION.fullmatch(version)
    if not found:
        return (), 0, 0
    release = tuple(int(part) for part in found[1].split("."))
    if not found[2]:
        return release, len(_BEFORE), 0
    kind = found[2].replace("alpha", "a").replace("beta", "b")
    return release, _BEFORE.index(kind), int(found[3] or 0)


def is_newer(one: LayerVersion, other: LayerVersion) -> bool:
    """Whether one is a later version of the same layer."""
    same = without_number(one.arn) == without_number(other.arn)
    return same and one.number > other.number
