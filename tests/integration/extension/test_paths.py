"""A whole path is declared: its parameters are prefetched, and read by their names below it."""

import json
import threading
from contextlib import ExitStack

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import INTERNAL_ERROR, THROTTLE, Deny, Fault, Hold, Reply
from tests.fakes.parameter import Key
from tests.integration.conftest import Start
from tests.integration.process import STEADY
from tests.integration.raw_client import RawClient

BY_PATH = "GetParametersByPath"


def fill(aws: FakeAws, *names: str, path: str = "/app/prod") -> dict[str, str]:
    """Put parameters below a path, and return the values by their names below it."""
    values = {name: f"canary-{path}-{name}" for name in names}
    for name, value in values.items():
        aws.parameters.put(f"{path}/{name}", value)
    return values


def test_every_parameter_below_a_path_is_read_by_its_name_there(aws: FakeAws, start: Start) -> None:
    """However deep, decrypted, in one call; what is beside the path is not there."""
    values = fill(aws, "key", "db/user", "db/replica/password")
    fill(aws, "key", path="/app/production")
    aws.parameters.put("/app/prod", "canary")
    daemon = start(APP="warmkey:ssm:/app/{stage}/*", STAGE="prod").wait_until_ready()
    assert daemon.get("/v1/secrets").json() == values
    assert {name: daemon.read(name) for name in values} == values
    assert daemon.read("db%2Freplica%2Fpassword") == values["db/replica/password"]
    assert [(call.action, call.names, call.with_decryption) for call in aws.calls] == [
        (BY_PATH, ("/app/prod",), True)
    ]


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (10, 1), (11, 2), (25, 3)])
def test_a_path_costs_a_call_for_every_ten(
    aws: FakeAws, start: Start, count: int, calls: int
) -> None:
    """And reading it costs none."""
    values = fill(aws, *(f"p{number:02}" for number in range(count)))
    daemon = start(APP="warmkey:/app/prod/*").wait_until_ready()
    assert daemon.get("/v1/secrets").json() == values
    assert aws.actions == [BY_PATH] * calls


def test_an_empty_page_may_be_followed_by_more(aws: FakeAws, start: Start) -> None:
    """As the service may do."""
    values = fill(aws, *(f"p{number:02}" for number in range(12)))
    aws.parameters.empty_pages = 3
    daemon = start(APP="warmkey:/app/prod/*").wait_until_ready()
    assert daemon.get("/v1/secrets").json() == values
    assert aws.actions == [BY_PATH] * 5


def test_a_token_that_repeats_ends_in_a_problem(aws: FakeAws, start: Start) -> None:
    """Rather than in calls without end; the others are served."""
    fill(aws, "key")
    aws.parameters.put("/other", "canary")
    aws.faults.always(BY_PATH, Reply(json.dumps({"Parameters": [], "NextToken": "t"}).encode()))
    daemon = start(APP="warmkey:/app/prod/*", OTHER="warmkey:/other").wait_until_ready()
    problem = daemon.get("/v1/secrets/key")
    assert problem.status_code == 502
    assert problem.json()["detail"] == "key: the pages of /app/prod do not end"
    assert daemon.read("OTHER") == "canary"


@pytest.mark.parametrize("fault", [THROTTLE, INTERNAL_ERROR], ids=str)
def test_a_page_that_fails_in_passing_is_read_again(
    aws: FakeAws, start: Start, fault: Fault
) -> None:
    """That one alone."""
    values = fill(aws, *(f"p{number:02}" for number in range(15)))
    aws.faults.once(BY_PATH, None, fault)
    daemon = start(APP="warmkey:/app/prod/*").wait_until_ready()
    assert daemon.get("/v1/secrets").json() == values
    assert aws.actions == [BY_PATH] * 3


def test_an_alias_of_its_own_wins_over_the_path_s_member(aws: FakeAws, start: Start) -> None:
    """Read alone, with all, and in the status."""
    fill(aws, "KEY", "user")
    aws.parameters.put("/mine", "canary-mine")
    daemon = start(APP="warmkey:/app/prod/*", KEY="warmkey:/mine").wait_until_ready()
    assert daemon.read("KEY") == "canary-mine"
    assert daemon.get("/v1/secrets").json() == {
        "KEY": "canary-mine",
        "user": "canary-/app/prod-user",
    }
    assert daemon.status()["secrets"]["KEY"]["name"] == "/mine"


def test_the_first_of_two_paths_that_has_it_wins(aws: FakeAws, start: Start) -> None:
    """So that what an application sets may stand before what is common to all."""
    fill(aws, "key", path="/app")
    fill(aws, "key", "region", path="/common")
    daemon = start(APP="warmkey:/app/*", COMMON="warmkey:/common/*").wait_until_ready()
    assert daemon.read("key") == "canary-/app-key"
    assert daemon.read("region") == "canary-/common-region"


def test_a_field_of_each_parameter_may_be_declared(aws: FakeAws, start: Start) -> None:
    """After the star."""
    aws.parameters.put("/app/prod/db", '{"password": "canary"}')
    daemon = start(APP="warmkey:/app/prod/*#password").wait_until_ready()
    assert daemon.read("db") == "canary"


def test_a_read_while_the_path_is_being_read_waits_for_it(aws: FakeAws, start: Start) -> None:
    """Of an alias that nobody can know yet; and of everything."""
    values = fill(aws, "key")
    answer = threading.Event()
    aws.faults.once(BY_PATH, Hold(answer))
    daemon = start(APP="warmkey:/app/prod/*")
    aws.wait_for_calls(1)
    with ExitStack() as stack:
        clients = [stack.enter_context(RawClient(daemon.port)) for _ in range(3)]
        for client, target in zip(clients, ("/key", "/gone", ""), strict=True):
            client.send(daemon.request(f"/v1/secrets{target}"))
        daemon.wait_for_count("reads", 3)
        answer.set()
        member, gone, everything = (client.answer() for client in clients)
    assert (member.status, member.body) == (200, values["key"].encode())
    assert gone.status == 404
    assert json.loads(everything.body) == values
    assert len(aws.calls) == 1


def test_a_name_that_is_not_below_the_path_is_not_found(aws: FakeAws, start: Start) -> None:
    """Without a call; the problem names the path."""
    fill(aws, "key")
    daemon = start(APP="warmkey:/app/prod/*").wait_until_ready()
    for alias in ("gone", "APP", "%2F", "key/", "/app/prod/key"):
        answer = daemon.get(f"/v1/secrets/{alias}")
        assert answer.status_code == 404
    assert "declared here: /app/prod/*" in answer.json()["detail"]
    assert len(aws.calls) == 1


def test_a_refresh_of_a_member_reads_the_path_again(aws: FakeAws, start: Start) -> None:
    """So a parameter that is new is there, and one that was deleted is not."""
    fill(aws, "old", "key")
    daemon = start(APP="warmkey:/app/prod/*").wait_until_ready()
    aws.parameters.delete("/app/prod/old")
    fill(aws, "new")
    assert daemon.get("/v1/secrets/new").status_code == 404
    assert daemon.get("/v1/secrets/new?refresh=true").text == "canary-/app/prod-new"
    assert daemon.get("/v1/secrets/old").status_code == 404
    assert aws.actions == [BY_PATH] * 2


@pytest.mark.parametrize(("form", "prefix"), [("dotenv", ""), ("shell", "export ")])
def test_all_of_a_path_comes_as_variables(
    aws: FakeAws, start: Start, form: str, prefix: str
) -> None:
    """Those that can be; a name with a slash can't."""
    fill(aws, "KEY", "db/user")
    daemon = start(APP="warmkey:/app/prod/*").wait_until_ready()
    assert sorted(daemon.get(f"/v1/secrets?format={form}").text.splitlines()) == [
        '# not a variable\'s name: "db/user"',
        f"{prefix}KEY='canary-/app/prod-KEY'",
    ]


def test_the_status_tells_of_each_parameter_below_a_path(aws: FakeAws, start: Start) -> None:
    """By its alias."""
    fill(aws, "key", "db/user")
    fill(aws, "key")
    daemon = start(APP="warmkey:/app/prod/*").wait_until_ready()
    told = daemon.status()["secrets"]
    assert {
        alias: (each["name"], each["state"], each["version"]) for alias, each in told.items()
    } == {
        "key": ("/app/prod/key", "fresh", "2"),
        "db/user": ("/app/prod/db/user", "fresh", "1"),
    }


def test_a_denied_path_names_the_permission_and_spares_the_others(
    aws: FakeAws, start: Start
) -> None:
    """In the log, in the problem and in the status; the path is checked for itself alone."""
    fill(aws, "key")
    aws.parameters.put("/other", "canary")
    aws.faults.always(BY_PATH, Deny())
    daemon = start(APP="warmkey:/app/prod/*", OTHER="warmkey:/other").wait_until_ready()
    problem = daemon.get("/v1/secrets/key")
    hint = (
        "grant ssm:GetParametersByPath on arn:aws:ssm:eu-west-1:123456789012:parameter/app/prod "
        "to the function's role"
    )
    assert (problem.status_code, problem.json()["hint"]) == (502, hint)
    (line,) = daemon.logged("ERROR")
    assert (line["name"], line["hint"]) == ("/app/prod", hint)
    assert daemon.status()["secrets"]["/app/prod/*"]["error"] == line["reason"]
    assert daemon.read("OTHER") == "canary"
    assert daemon.get("/v1/secrets").status_code == 502


def test_a_path_with_a_value_that_can_t_be_decrypted_is_a_problem(
    aws: FakeAws, start: Start
) -> None:
    """The service refuses its page; the hint says what it takes."""
    fill(aws, "key", "locked")
    aws.parameters.set_key("/app/prod/locked", Key.DISABLED)
    daemon = start(APP="warmkey:/app/prod/*").wait_until_ready()
    assert "kms:Decrypt" in daemon.get("/v1/secrets/key").json()["hint"]


def test_an_expired_path_is_read_first_and_serves_stale_while_aws_fails(
    aws: FakeAws, start: Start
) -> None:
    """As one value does."""
    fill(aws, "key")
    daemon = start(APP="warmkey:/app/prod/*", WARMKEY_TTL="0", **STEADY).wait_until_ready()
    aws.parameters.put("/app/prod/key", "canary-2")
    assert daemon.read("key") == "canary-2"
    aws.faults.always(BY_PATH, INTERNAL_ERROR)
    answer = daemon.get("/v1/secrets/key")
    assert (answer.text, answer.headers["Warmkey-State"]) == ("canary-2", "stale")
