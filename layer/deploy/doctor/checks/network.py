"""Whether a function in a VPC reaches the services that it reads from.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ..finding import Finding, Unknown, unchecked

_CHECK = "network"
_COSTS = (
    "each call waits until it times out: prefetch holds every cold start for "
    "WARMKEY_PREFETCH_TIMEOUT_MILLIS, and then no secret is there"
)


@dataclass(frozen=True, slots=True)
class Network:
    """What leads out of a function's subnets.

    Attributes:
        vpc: The VPC's id.
        endpoints: The services that have an interface endpoint with private DNS, e.g. `ssm`.
        closed: The subnets without a route to the internet by way of a NAT or the like.
    """

    vpc: str
    endpoints: frozenset[str] | Unknown
    closed: tuple[str, ...] | Unknown


def check(network: Network, services: Collection[str], region: str) -> Iterator[Finding]:
    """Look at the way to the services.

    Args:
        network: The function's.
        services: Those that it reads from, `ssm` or `secretsmanager`.
        region: Where it is.
    """
    if isinstance(network.endpoints, Unknown):
        yield unchecked(_CHECK, network.endpoints, _COSTS)
        return
    for service in sorted(set(services) - network.endpoints):
        if isinstance(network.closed, Unknown):
            lacking = f"{network.vpc} has no endpoint for {service}; without a NAT, {_COSTS}"
            yield unchecked(_CHECK, network.closed, lacking)
        elif network.closed:
            yield Finding(
                "error",
                _CHECK,
                f"{network.vpc} has no endpoint for {service} with private DNS, and "
                f"{', '.join(network.closed)} no route to a NAT gateway",
                _COSTS,
                f"add an interface endpoint for com.amazonaws.{region}.{service}, open to the "
                "function's security groups on port 443",
            )
