"""What EC2 is asked about a function's VPC.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from .checks.network import Network
from .finding import ask

_EVERYWHERE = ("0.0.0.0/0", "::/0")


def look(ec2: Any, vpc: str, subnets: Iterable[str]) -> Network:
    """What leads out of some subnets.

    Args:
        ec2: EC2's client.
        vpc: Their VPC's id.
        subnets: Their own ids.
    """
    mine = [{"Name": "vpc-id", "Values": [vpc]}]

    def endpoints() -> frozenset[str]:
        pages = ec2.get_paginator("describe_vpc_endpoints").paginate(Filters=mine)
        found = (each for page in pages for each in page["VpcEndpoints"])
        return frozenset(each["ServiceName"].rpartition(".")[2] for each in found if _works(each))

    def closed() -> tuple[str, ...]:
        pages = ec2.get_paginator("describe_route_tables").paginate(Filters=mine)
        tables = [each for page in pages for each in page["RouteTables"]]
        return tuple(subnet for subnet in subnets if not _leads_out(subnet, tables))

    return Network(
        vpc,
        ask("ec2:DescribeVpcEndpoints", endpoints),
        ask("ec2:DescribeRouteTables", closed),
    )


def _works(endpoint: Mapping[str, Any]) -> bool:
    """Whether the service's usual name leads to it."""
    available = str(endpoint.get("State", "")).lower() == "available"
    return available and bool(endpoint.get("PrivateDnsEnabled"))


def _leads_out(subnet: str, tables: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a subnet's route table, its own or the VPC's main one, leads to the internet.

    An internet gateway does not count: a function's interface has no public address.
    """
    own = main = None
    for table in tables:
        for association in table.get("Associations", ()):
            if association.get("SubnetId") == subnet:
                own = table
            elif association.get("Main"):
                main = table
    routes = (own or main or {}).get("Routes", ())
    return any(
        route.get("DestinationCidrBlock", route.get("DestinationIpv6CidrBlock")) in _EVERYWHERE
        and not str(route.get("GatewayId", "")).startswith("igw-")
        and route.get("State") != "blackhole"
        for route in routes
    )
