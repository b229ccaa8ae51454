"""Secrets of Secrets Manager: one by one while there is a connection for each, then together."""

import json
import threading

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import INTERNAL_ERROR, THROTTLE, Deny, Fault, Hold
from tests.integration.conftest import Start

BATCH, SINGLE = "BatchGetSecretValue", "GetSecretValue"
LONE = "each name is read with a call of its own"


def declare(aws: FakeAws, count: int) -> dict[str, str]:
    """Put so many secrets into Secrets Manager, and return the variables that declare them."""
    for number in range(count):
        aws.secrets.put(f"s/{number}", f"canary-{number}")
    return {f"S{number}": f"warmkey:secretsmanager:s/{number}" for number in range(count)}


@pytest.mark.parametrize("value", ['{"user": "canary"}', b'{"user": "canary"}'])
def test_a_field_is_read_from_text_and_from_bytes(
    aws: FakeAws, start: Start, value: str | bytes
) -> None:
    """Beside the whole, in one call."""
    aws.secrets.put("db", value)
    daemon = start(
        DB="warmkey:secretsmanager:db", USER="warmkey:secretsmanager:db#user"
    ).wait_until_ready()
    whole = value if isinstance(value, bytes) else value.encode()
    assert daemon.get("/v1/secrets/DB").content == whole
    assert daemon.read("USER") == "canary"
    assert sorted(aws.actions) == [SINGLE]


def test_each_version_is_a_secret_of_its_own(aws: FakeAws, start: Start) -> None:
    """By stage or by id; AWSCURRENT, which is the one without, is asked for where it stands."""
    first = aws.secrets.put("db", "canary-1")
    aws.secrets.put("db", "canary-2")
    pending = aws.secrets.put("db", b"canary-3", stages=["AWSPENDING"])
    daemon = start(
        DB="warmkey:secretsmanager:db",
        CURRENT="warmkey:secretsmanager:db?versionStage=AWSCURRENT",
        BEFORE="warmkey:secretsmanager:db?versionStage=AWSPREVIOUS",
        FIRST=f"warmkey:secretsmanager:db?versionId={first}",
        PENDING="warmkey:secretsmanager:db?versionStage=AWSPENDING",
    ).wait_until_ready()
    assert {alias: daemon.read(alias) for alias in ("DB", "CURRENT", "BEFORE", "FIRST")} == {
        "DB": "canary-2",
        "CURRENT": "canary-2",
        "BEFORE": "canary-1",
        "FIRST": "canary-1",
    }
    answer = daemon.get("/v1/secrets/PENDING?format=json").json()
    assert (answer["type"], answer["version"]) == ("SecretBinary", pending)
    assert sorted(aws.actions) == [SINGLE] * 5


def test_a_secret_may_be_named_by_its_arn(aws: FakeAws, start: Start) -> None:
    """Whole, or without the six characters that AWS puts at its end."""
    aws.secrets.put("prod/db", "canary")
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db"
    daemon = start(A=f"warmkey:{arn}-AbCdEf", B=f"warmkey:{arn}").wait_until_ready()
    assert (daemon.read("A"), daemon.read("B")) == ("canary", "canary")


def test_a_task_definition_of_ecs_names_it_in_the_same_way(aws: FakeAws, start: Start) -> None:
    """`ARN:key:stage:version`, of which each may be empty."""
    first = aws.secrets.put("db", '{"user.name": "canary-1"}')
    aws.secrets.put("db", '{"user.name": "canary-2", "user": {"name": "another"}}')
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"
    daemon = start(
        NOW=f"warmkey:{arn}:user.name::",
        BEFORE=f"warmkey:{arn}:user.name:AWSPREVIOUS:",
        FIRST=f"warmkey:{arn}:user.name::{first}",
        WHOLE=f"warmkey:{arn}::AWSPREVIOUS:",
        OPTIONAL=f"warmkey:{arn}:password::?optional=true",
    ).wait_until_ready()
    assert [daemon.read(alias) for alias in ("NOW", "BEFORE", "FIRST", "WHOLE")] == [
        "canary-2",
        "canary-1",
        "canary-1",
        '{"user.name": "canary-1"}',
    ]
    assert daemon.get("/v1/secrets/OPTIONAL").status_code == 404


@pytest.mark.parametrize(
    ("count", "connections", "calls"),
    [
        (3, 3, [SINGLE] * 3),
        (4, 3, [BATCH]),
        (20, 3, [BATCH]),
        (21, 3, [BATCH, SINGLE]),
        (41, 3, [BATCH, BATCH, SINGLE]),
        (1, 1, [SINGLE]),
        (2, 1, [BATCH]),
        (10, 10, [SINGLE] * 10),
    ],
)
def test_secrets_are_read_together_where_there_are_too_few_connections(
    aws: FakeAws, start: Start, count: int, connections: int, calls: list[str]
) -> None:
    """Otherwise one more permission would save nothing; a call reads at most twenty."""
    variables = declare(aws, count)
    daemon = start(**variables, WARMKEY_MAX_CONNECTIONS=str(connections)).wait_until_ready()
    assert daemon.get("/v1/secrets").json() == {
        f"S{number}": f"canary-{number}" for number in range(count)
    }
    assert sorted(aws.actions) == calls


def test_secrets_travel_side_by_side(aws: FakeAws, start: Start) -> None:
    """None waits for another's answer."""
    variables = declare(aws, 3)
    answer = threading.Event()
    aws.faults.always(SINGLE, Hold(answer))
    daemon = start(**variables)
    assert len({call.connection for call in aws.wait_for_calls(3)}) == 3
    answer.set()
    assert daemon.read("S2") == "canary-2"


def test_a_version_is_never_read_together_with_others(aws: FakeAws, start: Start) -> None:
    """The call takes none: it would give the current one."""
    variables = declare(aws, 4)
    old = aws.secrets.put("db", "canary-old")
    aws.secrets.put("db", "canary-new")
    daemon = start(
        **variables,
        DB="warmkey:secretsmanager:db",
        OLD=f"warmkey:secretsmanager:db?versionId={old}",
        BEFORE="warmkey:secretsmanager:db?versionStage=AWSPREVIOUS",
    ).wait_until_ready()
    values = [daemon.read(alias) for alias in ("DB", "OLD", "BEFORE", "S3")]
    assert values == ["canary-new", "canary-old", "canary-old", "canary-3"]
    assert sorted(aws.actions) == [BATCH, SINGLE, SINGLE]


def test_answers_are_matched_by_name_and_by_arn(aws: FakeAws, start: Start) -> None:
    """Text and bytes, in whatever order they come."""
    variables = declare(aws, 3)
    aws.secrets.put("binary", b"canary\x00\xff")
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:binary-AbCdEf"
    daemon = start(**variables, BINARY=f"warmkey:{arn}").wait_until_ready()
    assert daemon.get("/v1/secrets/BINARY").content == b"canary\x00\xff"
    assert daemon.read("S2") == "canary-2"
    assert sorted(aws.actions) == [BATCH]


def test_secrets_are_read_alone_without_the_permission_for_batches(
    aws: FakeAws, start: Start
) -> None:
    """And one line of the log names the permission that would save the calls."""
    variables = declare(aws, 25)
    aws.faults.always(BATCH, Deny())
    daemon = start(**variables).wait_until_ready()
    assert daemon.read("S24") == "canary-24"
    assert sorted(aws.actions) == [BATCH] * 2 + [SINGLE] * 25
    (line,) = [line for line in daemon.logged("WARN") if LONE in line["message"]]
    assert "grant secretsmanager:BatchGetSecretValue on " in line["hint"]
    assert daemon.logged("ERROR") == []


def test_a_secret_that_its_batch_does_not_hold_spares_the_others(
    aws: FakeAws, start: Start
) -> None:
    """It is asked for alone, and that answer says what is wrong."""
    variables = declare(aws, 5)
    aws.secrets.delete("s/3")
    daemon = start(**variables, GONE="warmkey:secretsmanager:gone").wait_until_ready()
    assert [daemon.read(f"S{number}") for number in (0, 1, 2, 4)] == [
        f"canary-{number}" for number in (0, 1, 2, 4)
    ]
    assert "marked for deletion" in daemon.get("/v1/secrets/S3").json()["detail"]
    assert "secret gone does not exist" in daemon.get("/v1/secrets/GONE").json()["detail"]
    assert sorted(aws.actions) == [BATCH, SINGLE, SINGLE]


@pytest.mark.parametrize("fault", [THROTTLE, INTERNAL_ERROR], ids=str)
def test_a_batch_that_fails_in_passing_is_tried_again_as_a_batch(
    aws: FakeAws, start: Start, fault: Fault
) -> None:
    """Never as single calls."""
    variables = declare(aws, 5)
    aws.faults.once(BATCH, fault, fault)
    daemon = start(**variables).wait_until_ready()
    assert daemon.read("S4") == "canary-4"
    assert sorted(aws.actions) == [BATCH] * 3
    assert daemon.logged("WARN") == []


def test_a_secret_is_refreshed_alone(aws: FakeAws, start: Start) -> None:
    """Though it was prefetched with others."""
    variables = declare(aws, 5)
    daemon = start(**variables).wait_until_ready()
    aws.secrets.put("s/0", json.dumps("canary-new"))
    assert daemon.get("/v1/secrets/S0?refresh=true").text == '"canary-new"'
    assert sorted(aws.actions) == [BATCH, SINGLE]
