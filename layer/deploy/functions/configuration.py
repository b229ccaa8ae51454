"""A function's configuration, as far as Warmkey has a part in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...extension.declared import declarations, settings
from ...extension.declared.declarations import DeclarationError, Declarations
from ...extension.declared.environment.variables import SettingError
from ...extension.declared.settings import Settings
from ...extension.declared.stages import StageError
from ...extension.sources.source import Place
from ..output.change import Change
from ..output.failure import Failure
from . import environment, record
from .record import Record

if TYPE_CHECKING:
    from types_boto3_lambda.type_defs import FunctionConfigurationTypeDef


@dataclass(frozen=True, slots=True)
class Parsed:
    """A function's variables, as the extension will read them.

    Attributes:
        settings: Its settings.
        declarations: The secrets that they declare.
    """

    settings: Settings
    declarations: Declarations


@dataclass(frozen=True)
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
        packed: Bytes of its package and its layers, as zips.
        signed: Whether its code is signed.
    """

    arn: str
    runtime: str
    architecture: str
    role: str
    layers: tuple[str, ...]
    variables: Mapping[str, str] = field(repr=False)
    unreadable: str = ""
    revision: str = ""
    packed: int = field(default=0, compare=False)
    signed: bool = field(default=False, compare=False)

    @cached_property
    def name(self) -> str:
        """The function's name."""
        return self.arn.split(":")[6]

    @cached_property
    def region(self) -> str:
        """Its region, such as `eu-central-1`."""
        return self.place.region

    @cached_property
    def place(self) -> Place:
        """Its partition, region and account."""
        _, partition, _, region, account, _ = self.arn.split(":", 5)
        return Place(partition, region, account)

    @cached_property
    def role_name(self) -> str:
        """The name of its execution role, without the path that may precede it."""
        return self.role.rpartition("/")[2]

    @cached_property
    def recorded_role(self) -> str:
        """The role that `attach` has given a policy for it; empty where none, or unreadable."""
        try:
            return self.record.role
        except Failure:
            return ""

    @property
    def is_image(self) -> bool:
        """Whether it is a container image, which takes no layers."""
        return not self.runtime

    @cached_property
    def record(self) -> Record:
        """What `attach` has changed of it.

        Raises:
            Failure: Somebody has changed the record, so that nothing can be restored by it.
        """
        return record.of(self.variables)

    def shown(self) -> dict[str, str]:
        """Its layers and variables by name, without values that may be a secret."""
        layers = {f"layer {n}": arn for n, arn in enumerate(self.layers, 1)}
        variables = sorted(self.variables.items())
        return {**layers, **{name: environment.show(name, value) for name, value in variables}}

    @cached_property
    def parsed(self) -> Parsed:
        """Its variables, as the extension will read them.

        Raises:
            Failure: The extension would refuse them, and fail the function's start.
        """
        variables = {"AWS_REGION": self.region, **self.variables}
        try:
            return Parsed(
                settings.parse(variables),
                declarations.declared(variables, None, "warmkey.json"),
            )
        except (SettingError, StageError, DeclarationError) as error:
            raise Failure(f"the extension would refuse its variables: {error}") from None


def read(described: "FunctionConfigurationTypeDef | Mapping[str, Any]") -> Configuration:
    """A configuration, out of a response of Lambda's.

    Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
    """
    variables = described.get("Environment", {})
    return Configuration(
        arn=described["FunctionArn"],
        runtime=described.get("Runtime", ""),
        architecture=(described.get("Architectures") or ["x86_64"])[0],
        role=described["Role"],
        layers=tuple(each["Arn"] for each in described.get("Layers", [])),
        variables=dict(variables.get("Variables", {})),
        unreadable=variables.get("Error", {}).get("Message", ""),
        revision=described.get("RevisionId", ""),
        packed=described.get("CodeSize", 0)
        + sum(each.get("CodeSize", 0) for each in described.get("Layers", [])),
        signed=bool(described.get("SigningProfileVersionArn")),
    )


def change(before: Configuration, after: Configuration) -> Change:
    """What is different, and only that, without the values of variables that may hold a secret."""
    old, new = before.shown(), after.shown()
    same = {name for name in old if old[name] == new.get(name)}
    return Change(
        f"function {before.name}",
        {name: text for name, text in old.items() if name not in same},
        {name: text for name, text in new.items() if name not in same},
        incidental=frozenset({environment.RECORD}),
    )
