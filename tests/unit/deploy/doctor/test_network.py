"""The doctor on a function's VPC: what EC2 answers, and what it means."""

from collections.abc import Iterator, Sequence
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from warmkey.deploy.doctor import vpc
from warmkey.deploy.doctor.checks import network
from warmkey.deploy.doctor.checks.network import Network
from warmkey.deploy.doctor.finding import Finding, Unknown

VPC = "vpc-1"
SUBNETS = ("subnet-1", "subnet-2")
NAT = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"}
GATEWAY = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}


@pytest.fixture
def ec2() -> Iterator[Stubber]:
    """EC2, which gives the answers that it is told to."""
    client = boto3.client(
        "ec2",
        region_name="eu-central-1",
        aws_access_key_id="AKIAWARMKEYTESTS0000",
        aws_secret_access_key="none",
    )
    with Stubber(client) as stubbed:
        yield stubbed
    client.close()


def endpoint(service: str, **changes: Any) -> dict[str, Any]:
    """An interface endpoint."""
    name = f"com.amazonaws.eu-central-1.{service}"
    return {"ServiceName": name, "State": "available", "PrivateDnsEnabled": True, **changes}


def table(*routes: dict[str, Any], subnets: Sequence[str] = (), main: bool = False) -> Any:
    """A route table, of some subnets or the VPC's main one."""
    own: list[dict[str, Any]] = [{"SubnetId": subnet} for subnet in subnets]
    return {"Routes": [LOCAL, *routes], "Associations": [*own, *([{"Main": True}] if main else [])]}


def seen(ec2: Stubber, endpoints: list[Any], tables: list[Any]) -> Network:
    """What is seen of a VPC with some endpoints and route tables."""
    mine = {"Filters": [{"Name": "vpc-id", "Values": [VPC]}]}
    ec2.add_response("describe_vpc_endpoints", {"VpcEndpoints": endpoints}, mine)
    ec2.add_response("describe_route_tables", {"RouteTables": tables}, mine)
    return vpc.look(ec2.client, VPC, SUBNETS)


def look(found: Network, *services: str) -> list[Finding]:
    """What is found about the way to some services."""
    return list(network.check(found, services or ("ssm",), "eu-central-1"))


def test_an_endpoint_with_private_dns_is_fine(ec2: Stubber) -> None:
    """For each service that is read."""
    found = seen(ec2, [endpoint("ssm"), endpoint("secretsmanager")], [])
    assert look(found, "ssm", "secretsmanager") == []


@pytest.mark.parametrize(
    "useless",
    [
        endpoint("secretsmanager"),
        endpoint("ssm", State="pendingAcceptance"),
        endpoint("ssm", PrivateDnsEnabled=False),
    ],
)
def test_a_vpc_without_endpoint_and_nat_times_out(ec2: Stubber, useless: Any) -> None:
    """Also where there is an endpoint that does not answer by the service's name."""
    [found] = look(seen(ec2, [useless], [table(main=True)]))
    assert found.severity == "error"
    assert found.problem == (
        "vpc-1 has no endpoint for ssm with private DNS, and subnet-1, subnet-2 no route to a NAT "
        "gateway"
    )
    assert "prefetch holds every cold start" in found.cost
    assert "interface endpoint for com.amazonaws.eu-central-1.ssm" in found.remedy


@pytest.mark.parametrize(
    ("tables", "closed"),
    [
        ([table(NAT, main=True)], ()),
        ([table(NAT, subnets=SUBNETS), table(main=True)], ()),
        ([table(NAT, subnets=SUBNETS[:1]), table(main=True)], SUBNETS[1:]),
        ([table(subnets=SUBNETS[:1]), table(NAT, main=True)], SUBNETS[:1]),
        ([table(GATEWAY, main=True)], SUBNETS),
        ([table({**NAT, "State": "blackhole"}, main=True)], SUBNETS),
        ([], SUBNETS),
    ],
)
def test_a_subnet_leads_out_by_its_own_route_table_or_the_main_one(
    ec2: Stubber, tables: list[Any], closed: tuple[str, ...]
) -> None:
    """To a NAT; an internet gateway takes no private address."""
    found = seen(ec2, [], tables)
    assert found == Network(VPC, frozenset(), closed)
    assert bool(look(found)) is bool(closed)


def test_a_vpc_that_may_not_be_seen_is_not_called_fine(ec2: Stubber) -> None:
    """Nor are routes, where they matter."""
    for action in ("describe_vpc_endpoints", "describe_route_tables"):
        ec2.add_client_error(action, "UnauthorizedOperation", "not you")
    found = vpc.look(ec2.client, VPC, SUBNETS)
    [unseen] = look(found)
    assert (unseen.severity, unseen.problem) == (
        "unchecked",
        "ec2:DescribeVpcEndpoints was refused: UnauthorizedOperation: not you",
    )
    unknown = Unknown("ec2:DescribeRouteTables", "not you")
    [unseen] = look(Network(VPC, frozenset(), unknown))
    assert (unseen.severity, unseen.problem) == (
        "unchecked",
        "ec2:DescribeRouteTables was refused: not you",
    )
    assert look(Network(VPC, frozenset({"ssm"}), unknown)) == []
