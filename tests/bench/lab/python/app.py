"""A function that has N secrets in hand when it starts, in each of the ways that are compared.

`LAB_WAY` names the way, `BENCH_PARAMETERS` the secrets, as `ALIAS=NAME,ALIAS=NAME`. The moments are
seconds of `time.monotonic`, a clock that every process of the machine shares.
"""

import os
import time
from collections.abc import Callable, Mapping
from typing import Any

Names = Mapping[str, str]

MOMENTS = {"code": time.monotonic()}
_PARAMETERS_IN_A_CALL = 10


def mark(moment: str) -> None:
    """Note a moment."""
    MOMENTS[moment] = time.monotonic()


def from_environment(names: Names) -> list[str]:
    """They are in the environment: in clear, or by Warmkey's exec wrapper."""
    return [os.environ[alias] for alias in names]


def from_warmkey(names: Names) -> list[str]:
    """By Warmkey's thin client."""
    import warmkey

    mark("imported")
    return [warmkey.get(alias) for alias in names]


def from_http(names: Names) -> list[str]:
    """From an extension by plain HTTP, over one connection."""
    import http.client

    mark("imported")
    connection = _until_it_listens(
        lambda: http.client.HTTPConnection("127.0.0.1", int(os.environ["BENCH_PORT"]))
    )
    values = []
    for alias in names:
        connection.request("GET", f"/v1/secrets/{alias}")
        values.append(connection.getresponse().read().decode())
    return values


def from_boto3(names: Names) -> list[str]:
    """By AWS's SDK, in as few calls as there can be."""
    import boto3

    mark("imported")
    client = boto3.client("ssm")
    mark("client")
    wanted = [*names.values()]
    if len(wanted) == 1:
        one = client.get_parameter(Name=wanted[0], WithDecryption=True)
        return [one["Parameter"]["Value"]]
    found = {}
    for first in range(0, len(wanted), _PARAMETERS_IN_A_CALL):
        some = wanted[first : first + _PARAMETERS_IN_A_CALL]
        answer = client.get_parameters(Names=some, WithDecryption=True)
        found.update({each["Name"]: each["Value"] for each in answer["Parameters"]})
    return [found[name] for name in wanted]


def from_powertools(names: Names) -> list[str]:
    """By Powertools for AWS Lambda, as its documentation reads one, or several."""
    from aws_lambda_powertools.utilities import parameters

    mark("imported")
    wanted = [*names.values()]
    if len(wanted) == 1:
        return [str(parameters.get_parameter(wanted[0], decrypt=True))]
    options: dict[str, dict[str, Any]] = {name: {} for name in wanted}
    found = parameters.get_parameters_by_name(options, decrypt=True)
    return [str(found[name]) for name in wanted]


def _until_it_listens(connect: Callable[[], Any]) -> Any:
    """A connection to a server that may not be there yet: the plain extension listens late."""
    while True:
        connection = connect()
        try:
            connection.connect()
        except ConnectionRefusedError:
            time.sleep(0.001)
        else:
            return connection


WAYS: dict[str, Callable[[Names], list[str]]] = {
    "environment": from_environment,
    "warmkey": from_warmkey,
    "http": from_http,
    "boto3": from_boto3,
    "powertools": from_powertools,
}
NAMES = dict(pair.split("=") for pair in os.environ["BENCH_PARAMETERS"].split(","))
VALUES = WAYS[os.environ["LAB_WAY"]](NAMES)
mark("values")


def handler(_event: object, _context: object) -> dict[str, object]:
    """Tell the values, and when what happened."""
    mark("handler")
    return {"values": VALUES, "moments": MOMENTS}
