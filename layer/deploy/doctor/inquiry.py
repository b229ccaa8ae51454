"""What AWS is asked about a function and its account: each fact, or that it may not be told."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ..account import RETRYING, Account
from ..functions import configuration
from ..functions.configuration import Configuration
from ..layers import layer
from ..layers.layer import LayerVersion
from ..layers.store import LayerStore
from ..output.failure import Failure
from .checks.quota import SETTING, Concurrency
from .finding import Unknown, ask


@dataclass(frozen=True, slots=True)
class Function:
    """A function, with what only a doctor asks for.

    Attributes:
        configuration: Its configuration.
        reserved: The concurrency that is reserved for it; None where none is.
        vpc: Its VPC's id; empty where it is in none.
        subnets: The ids of its subnets.
        timeout: Its timeout in seconds; None where Lambda does not say.
    """

    configuration: Configuration
    reserved: int | None
    vpc: str
    subnets: tuple[str, ...]
    timeout: int | None = None


class Inquiry:
    """Asks AWS in an account and region.

    Args:
        account: The account.
    """

    def __init__(self, account: Account) -> None:
        self._account = account

    def client(self, service: Any) -> Any:
        """A client of a service, that waits where AWS throttles."""
        return self._account.session.client(service, config=RETRYING)

    def function(self, name: str) -> Function:
        """A function, by name or ARN.

        Raises:
            Failure: There is none.
        """
        try:
            found = self.client("lambda").get_function(FunctionName=name)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            raise Failure(
                f"there is no function {name} in {self._account.region}",
                "is it another region (--region) or account (--profile)?",
            ) from None
        vpc = found["Configuration"].get("VpcConfig", {})
        return Function(
            configuration.read(found["Configuration"]),
            found.get("Concurrency", {}).get("ReservedConcurrentExecutions"),
            vpc.get("VpcId", ""),
            tuple(vpc.get("SubnetIds", ())),
            found["Configuration"].get("Timeout"),
        )

    def layer_version(self, arn: str) -> LayerVersion | Unknown:
        """A layer version that a function has."""
        try:
            return ask("lambda:GetLayerVersion", lambda: LayerStore.of(self._account).get(arn))
        except Failure as failure:
            return Unknown("lambda:GetLayerVersion", failure.message)

    def newest_layer(self, architecture: str) -> LayerVersion | Unknown | None:
        """The newest Warmkey that is published here for an architecture; None where none is."""
        versions = LayerStore.of(self._account).versions(layer.NAMES[architecture])
        return ask("lambda:ListLayerVersions", lambda: next(versions, None))

    def concurrency(self, function: Function) -> Concurrency:
        """How many environments of a function there can be."""
        client = self.client("lambda")

        def provisioned() -> int:
            pages = client.get_paginator("list_provisioned_concurrency_configs").paginate(
                FunctionName=function.configuration.name
            )
            configs = (each for page in pages for each in page["ProvisionedConcurrencyConfigs"])
            return sum(each["RequestedProvisionedConcurrentExecutions"] for each in configs)

        def account() -> int:
            limit: int = client.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
            return limit

        return Concurrency(
            function.reserved,
            ask("lambda:GetAccountSettings", account),
            ask("lambda:ListProvisionedConcurrencyConfigs", provisioned),
        )

    def higher_throughput(self) -> bool | Unknown:
        """Whether Parameter Store's higher throughput is enabled."""
        return ask(
            "ssm:GetServiceSetting",
            lambda: (
                self.client("ssm").get_service_setting(SettingId=SETTING)["ServiceSetting"][
                    "SettingValue"
                ]
                == "true"
            ),
        )
