"""A burst: many cold starts of the built extension at one instant, against an account's quota."""

import tempfile
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.burst.processes import Processes
from tests.bench.burst.readers import Reader, read_all
from tests.fakes import lambda_answers
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import LOOPBACK, Delivery, HttpService, Request, Response
from tests.fakes.quota import Quota
from tests.patience import PATIENCE
from tests.rapid.layer import EXTENSION, unpack
from tests.rapid.ports import ReservedPort
from tests.rapid.runtime import function_environment

SECRETS = 10
"""Declared by each function: one call, where it is let through."""


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of it.

    Attributes:
        starts: How many there were.
        times: Seconds until each that succeeded had its secret in hand, ascending.
        calls: How many calls came to the service.
        throttled: How many of them were refused.
        said: What the extensions printed.
    """

    starts: int
    times: tuple[float, ...]
    calls: int
    throttled: int
    said: str


def burst(starts: int, quota: Quota) -> Burst:
    """Start so many extensions at one instant, and read a secret from each.

    Args:
        starts: How many.
        quota: What the service lets through.
    """
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warmkey-burst-")))
        executable = unpack(place / "opt") / EXTENSION
        certificate = Authority(place / "authority").issue(LOOPBACK)
        aws = stack.enter_context(FakeAws(certificate, quota=quota))
        for number in range(SECRETS):
            aws.parameters.put(f"/burst/{number}", f"the secret {number}")
        api = stack.enter_context(HttpService(_extensions_api))
        ports = [stack.enter_context(ReservedPort()).number for _ in range(starts)]
        variables = _variables(aws, api)
        environments = [{**variables, "WARMKEY_PORT": str(port)} for port in ports]
        log = place / "log"
        processes = stack.enter_context(Processes(executable, environments, log))
        token = variables["AWS_SESSION_TOKEN"]
        readers = [Reader(port, _request(port, token)) for port in ports]
        began = processes.start()
        read_all(readers, PATIENCE)
        times = sorted(
            reader.answered_at - began
            for reader in readers
            if reader.answered_at is not None and reader.value == b"the secret 0"
        )
        return Burst(starts, tuple(times), len(aws.calls), quota.refused, log.read_text("utf-8"))


def _variables(aws: FakeAws, api: HttpService) -> Mapping[str, str]:
    """Those of every function, but for its port."""
    declared = {f"S{number}": f"warmkey:/burst/{number}" for number in range(SECRETS)}
    runtime_api = {"AWS_LAMBDA_RUNTIME_API": f"{LOOPBACK}:{api.port}"}
    return {**function_environment("function"), **aws.environment(), **runtime_api, **declared}


def _request(port: int, token: str) -> bytes:
    lines = (
        "GET /v1/secrets/S0 HTTP/1.1",
        f"Host: {LOOPBACK}:{port}",
        f"{TOKEN_HEADER}: {token}",
        *("Connection: close", "", ""),
    )
    return "\r\n".join(lines).encode()


def _extensions_api(request: Request) -> Response:
    """Lambda's, for any number of execution environments, to which no event comes."""
    if request.target.endswith("/extension/register"):
        return lambda_answers.registered(str(uuid.uuid4()), "function")
    return Response(200, delivery=Delivery.HANG)
