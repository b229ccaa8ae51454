"""The fake AWS is as slow, and takes as many calls, as it is told."""

from typing import Any

from botocore.exceptions import ClientError

from tests.fakes import sdk
from tests.fakes.aws import FakeAws
from tests.fakes.faults import Late
from tests.fakes.quota import Quota


def read(ssm: Any) -> str:
    """The value of `/a`, or the code of the error."""
    try:
        value: str = ssm.get_parameter(Name="/a")["Parameter"]["Value"]
    except ClientError as error:
        return error.response["Error"]["Code"]
    return value


def test_latency_delays_every_call() -> None:
    """For benchmarks: a fixed time before each answer."""
    with FakeAws(latency=0.05) as aws, sdk.client(aws) as ssm:
        aws.faults.once("GetParameter", None, Late(0.05))
        for _ in range(3):
            read(ssm)
        first, second, third = (call.at for call in aws.calls)
    assert second - first >= 0.05
    assert third - second >= 0.1


def test_the_quota_is_shared_by_the_three_reads() -> None:
    """What is over it is throttled, until time has passed; Secrets Manager has its own."""
    now = 0.0
    quota = Quota(rate=2, burst=3, clock=lambda: now)
    with FakeAws(quota=quota) as aws, sdk.client(aws) as ssm:
        aws.parameters.put("/a", "canary-a", "String")
        ssm.get_parameters(Names=["/a"])
        ssm.get_parameters_by_path(Path="/")
        assert [read(ssm), read(ssm)] == ["canary-a", "ThrottlingException"]
        aws.secrets.put("prod/db", "canary")
        with sdk.client(aws, "secretsmanager") as client:
            assert client.get_secret_value(SecretId="prod/db")["SecretString"] == "canary"
        now = 0.5
        assert [read(ssm), read(ssm)] == ["canary-a", "ThrottlingException"]
    assert quota.refused == 2
