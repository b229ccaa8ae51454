"""The original: the function that an operator wants measured, as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ...functions import configuration
from ...functions.configuration import Configuration
from ...output.failure import Failure
from ..price import Tariff

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

_MISSING = "ResourceNotFoundException"
_NOT_MEASURABLE = {
    "CapacityProviderConfig": "it runs on Lambda Managed Instances, where environments start ahead "
    "of the requests, so no request waits for a cold start",
    "DurableConfig": "it is a durable function, which replays its journal",
    "TenancyConfig": "it keeps an environment for each tenant, and starts for none without one",
}


@dataclass(frozen=True)
class Original:
    """A function or one of its versions.

    Attributes:
        name: The function's name or ARN, as it was given.
        qualifier: The version or alias that is meant; empty for `$LATEST`.
        response: What Lambda says of it; its variables may be secrets, and the address of its code
            is signed for whoever has it.
    """

    name: str
    qualifier: str
    response: Mapping[str, Any] = field(repr=False)

    @cached_property
    def configuration(self) -> Configuration:
        """As far as Warmkey has a part in it."""
        return configuration.read(self.described)

    @property
    def described(self) -> Mapping[str, Any]:
        """Its configuration, as Lambda describes it."""
        described: Mapping[str, Any] = self.response["Configuration"]
        return described

    @property
    def memory(self) -> int:
        """What it may use, in MB."""
        return int(self.described.get("MemorySize", 128))

    @property
    def timeout(self) -> int:
        """How long an invocation may take, in seconds."""
        return int(self.described.get("Timeout", 3))

    @property
    def snap_start(self) -> bool:
        """Whether its published versions start from snapshots."""
        applies: Any = self.described.get("SnapStart", {}).get("ApplyOn", "None")
        return bool(applies == "PublishedVersions")

    @property
    def in_vpc(self) -> bool:
        """Whether it is in a VPC's network."""
        return bool(self.described.get("VpcConfig", {}).get("SubnetIds"))

    @property
    def log_group(self) -> str:
        """The log group that it writes to."""
        given: str = self.described.get("LoggingConfig", {}).get("LogGroup", "")
        return given or f"/aws/lambda/{self.configuration.name}"

    @property
    def tariff(self) -> Tariff:
        """What a start of it costs."""
        found = self.configuration
        return Tariff(found.architecture, self.memory, found.runtime, self.snap_start)


def find(client: "LambdaClient", name: str, qualifier: str) -> Original:
    """Look a function up, and make sure that its cold starts can be measured.

    Args:
        client: Lambda's.
        name: Its name or ARN.
        qualifier: A version or an alias; empty for `$LATEST`.

    Raises:
        Failure: There is none, or there is no sense in measuring it.
    """
    which = {"Qualifier": qualifier} if qualifier else {}
    try:
        response = client.get_function(FunctionName=name, **which)
    except ClientError as error:
        if error.response["Error"]["Code"] != _MISSING:
            raise
        version = f", or it has no {qualifier}," if qualifier else ""
        raise Failure(
            f"there is no function of that name{version} in {client.meta.region_name}",
            "is it in another region (--region) or account (--profile)?",
        ) from None
    original = Original(name, qualifier, response)
    for setting, why in _NOT_MEASURABLE.items():
        if original.described.get(setting):
            raise Failure(why, "measure a function that starts on demand")
    _check_concurrency(client, name)
    return original


def _check_concurrency(client: "LambdaClient", name: str) -> None:
    """Make sure that it starts when it is called, as far as the operator may ask.

    Raises:
        Failure: It has provisioned concurrency.
    """
    try:
        found = client.list_provisioned_concurrency_configs(FunctionName=name)
    except ClientError as error:
        if error.response["Error"]["Code"].startswith("AccessDenied"):
            return
        raise
    if provisioned := found["ProvisionedConcurrencyConfigs"]:
        which = ", ".join(each["FunctionArn"].rpartition(":")[2] for each in provisioned)
        raise Failure(
            f"it has provisioned concurrency ({which}): its environments start ahead of the "
            "requests, so hardly any request waits for a cold start",
            "measure a function without",
        )
