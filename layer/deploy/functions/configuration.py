"""A function's configuration, as far as Warmkey has a part in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..output.change import Change
from . import environment

if TYPE_CHECKING:
    from types_boto3_lambda.type_defs import FunctionConfigurationTypeDef


@dataclass(frozen=True, slots=True)
class Configuration:
    """One function, as Lambda describes it.

    Attributes:
        arn: Its ARN.
        runtime: For example `python3.13`; empty for a container image.
        architecture: `x86_64` or `arm64`.
        role: The ARN of its execution role.
        layers: The ARNs of its layers' versions, in their order.
        variables: Its variables, which may hold secrets.
        unreadable: Why its variables can't be read; empty where they can.
        revision: Changes whenever anything of the function does.
    """

    arn: str
    runtime: str
    architecture: str
    role: str
    layers: tuple[str, ...]
    variables: Mapping[str, str] = field(repr=False)
    unreadable: str = ""
    revision: str = ""

    @property
    def name(self) -> str:
        """The function's name."""
        return self.arn.split(":")[6]

    @property
    def region(self) -> str:
        """Where it is."""
        return self.arn.split(":")[3]

    @property
    def is_image(self) -> bool:
        """Whether it is a container image, which takes no layers."""
        return not self.runtime


def read(answer: "FunctionConfigurationTypeDef | Mapping[str, Any]") -> Configuration:
    """A configuration out of an answer of Lambda's.

    Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
    """
    variables = answer.get("Environment", {})
    return Configuration(
        arn=answer["FunctionArn"],
        runtime=answer.get("Runtime", ""),
        architecture=(answer.get("Architectures") or ["x86_64"])[0],
        role=answer["Role"],
        layers=tuple(each["Arn"] for each in answer.get("Layers", [])),
        variables=dict(variables.get("Variables", {})),
        unreadable=variables.get("Error", {}).get("Message", ""),
        revision=answer.get("RevisionId", ""),
    )


def change(before: Configuration, after: Configuration) -> Change:
    """What is different, and only that, without the values of variables that may hold a secret."""
    old, new = _shown(before), _shown(after)
    same = {name for name in old if old[name] == new.get(name)}
    return Change(
        f"function {before.name}",
        {name: text for name, text in old.items() if name not in same},
        {name: text for name, text in new.items() if name not in same},
    )


def _shown(configuration: Configuration) -> dict[str, str]:
    layers = {f"layer {n}": arn for n, arn in enumerate(configuration.layers, 1)}
    variables = sorted(configuration.variables.items())
    return {**layers, **{name: environment.show(name, value) for name, value in variables}}
