"""The daemon prefetches every declared secret, in the fewest calls."""

import json
import threading
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import Hold
from tests.integration.conftest import Start
from tests.integration.declared import declare

# On the layer's own interpreter and on an ordinary one, with a head start and without.
pytestmark = pytest.mark.parametrize("layer", ["zip", "sources"], indirect=True)

TEN = 10  # names in one GetParameters call


@pytest.mark.parametrize(("count", "calls"), [(1, 1), (2, 1), (10, 1), (11, 2), (30, 3)])
def test_n_parameters_cost_a_call_for_every_ten(
    aws: FakeAws, start: Start, count: int, calls: int
) -> None:
    """And reading all of them costs none."""
    daemon = start(**declare(aws, count)).wait_until_ready()
    assert [daemon.read(f"P{number}") for number in range(count)] == [
        f"canary-{number}" for number in range(count)
    ]
    assert len(aws.calls) == calls
    assert sorted(name for call in aws.calls for name in call.names) == sorted(
        f"/p/{number}" for number in range(count)
    )


@pytest.mark.parametrize(("count", "action"), [(1, "GetParameter"), (2, "GetParameters")])
def test_a_single_parameter_needs_the_permission_that_most_roles_have(
    aws: FakeAws, start: Start, count: int, action: str
) -> None:
    """It is read with GetParameter; two are a batch."""
    start(**declare(aws, count)).wait_until_ready()
    assert aws.actions == [action]


@pytest.mark.parametrize("count", [1, 2])
def test_every_value_is_decrypted(aws: FakeAws, start: Start, count: int) -> None:
    """`WithDecryption` is true in both kinds of call."""
    start(**declare(aws, count)).wait_until_ready()
    assert [call.with_decryption for call in aws.calls] == [True]


def test_a_parameter_declared_twice_is_read_once(aws: FakeAws, start: Start) -> None:
    """Under two aliases, in two spellings, and as two fields of it."""
    aws.parameters.put("/p", json.dumps({"user": "canary-user", "key": "canary-key"}))
    daemon = start(
        A="warmkey:/p", B="warmkey:ssm:/p", C="warmkey:/p#user", D="warmkey:/p#key"
    ).wait_until_ready()
    assert daemon.read("A") == daemon.read("B")
    assert (daemon.read("C"), daemon.read("D")) == ("canary-user", "canary-key")
    assert [call.names for call in aws.calls] == [("/p",)]


def test_answers_are_matched_by_name_and_selector(aws: FakeAws, start: Start) -> None:
    """A version, a label and the latest of one name in one batch, whose answer is in any order."""
    for number in (1, 2, 3):
        aws.parameters.put("/p", f"canary-{number}")
    aws.parameters.label("/p", "stable", 2)
    aws.parameters.put("/q", "canary-q")
    daemon = start(
        LATEST="warmkey:/p", FIRST="warmkey:/p:1", STABLE="warmkey:/p:stable", OTHER="warmkey:/q"
    ).wait_until_ready()
    assert [daemon.read(alias) for alias in ("LATEST", "FIRST", "STABLE", "OTHER")] == [
        "canary-3",
        "canary-1",
        "canary-2",
        "canary-q",
    ]
    assert len(aws.calls) == 1


def test_a_parameter_may_be_named_by_its_arn(aws: FakeAws, start: Start) -> None:
    """In a batch, where the answer names it by its name, and with a selector."""
    aws.parameters.put("/p", "canary-1")
    aws.parameters.put("/p", "canary-2")
    aws.parameters.put("/q", "canary-q")
    arn = f"arn:aws:ssm:{aws.region}:123456789012:parameter/p"
    daemon = start(P=f"warmkey:{arn}", FIRST=f"warmkey:{arn}:1", Q="warmkey:/q").wait_until_ready()
    assert [daemon.read(alias) for alias in ("P", "FIRST", "Q")] == [
        "canary-2",
        "canary-1",
        "canary-q",
    ]
    assert len(aws.calls) == 1


def test_secrets_are_read_beside_the_parameters(aws: FakeAws, start: Start) -> None:
    """By a call each, with the version or the stage that was asked for."""
    aws.parameters.put("/p", "canary-p")
    first = aws.secrets.put("prod/db", "canary-old")
    aws.secrets.put("prod/db", json.dumps({"password": "canary-password"}))
    daemon = start(
        P="warmkey:/p",
        DB="warmkey:secretsmanager:prod/db#password",
        BEFORE="warmkey:secretsmanager:prod/db?versionStage=AWSPREVIOUS",
        FIRST=f"warmkey:secretsmanager:prod/db?versionId={first}",
    ).wait_until_ready()
    assert [daemon.read(alias) for alias in ("P", "DB", "BEFORE", "FIRST")] == [
        "canary-p",
        "canary-password",
        "canary-old",
        "canary-old",
    ]
    assert sorted(aws.actions) == ["GetParameter"] + ["GetSecretValue"] * 3


def test_the_file_s_stage_and_the_variables_add_up(
    aws: FakeAws, start: Start, tmp_path: Path
) -> None:
    """The stage's own, those of every stage, and a variable; another stage's are not read."""
    for name in ("/stripe/live", "/stripe/test", "/mail/prod", "/other"):
        aws.parameters.put(name, f"canary{name}")
    config = tmp_path / "warmkey.json"
    config.write_text(
        json.dumps(
            {
                "stages": {"prod": {"stripe": "/stripe/live"}, "dev": {"stripe": "/stripe/test"}},
                "fallback": "dev",
                "secrets": {"mail": "/mail/{stage}"},
            }
        )
    )
    daemon = start(WARMKEY_CONFIG=str(config), STAGE="prod", OTHER="warmkey:/other")
    daemon.wait_until_ready()
    assert daemon.get("/v1/secrets").json() == {
        "mail": "canary/mail/prod",
        "stripe": "canary/stripe/live",
        "OTHER": "canary/other",
    }
    assert sorted(aws.calls[0].names) == ["/mail/prod", "/other", "/stripe/live"]


@pytest.mark.parametrize(
    ("stage", "name"), [("prod", "/key/live"), ("dev", "/key/test"), ("featureX", "/key/test")]
)
def test_the_stage_chooses_the_parameter(aws: FakeAws, start: Start, stage: str, name: str) -> None:
    """By WARMKEY_STAGES, whose `*` is the fallback."""
    aws.parameters.put(name, "canary")
    start(
        KEY="warmkey:/key/{stage}", WARMKEY_STAGES="prod=live,*=test", STAGE=stage
    ).wait_until_ready()
    assert [call.names for call in aws.calls] == [(name,)]


def test_batches_travel_side_by_side(aws: FakeAws, start: Start) -> None:
    """While the first is held, the second and a secret arrive, each on a connection of its own."""
    variables = declare(aws, 2 * TEN)
    aws.secrets.put("s", "canary-s")
    answer = threading.Event()
    aws.faults.once("GetParameters", Hold(answer))
    daemon = start(**variables, S="warmkey:secretsmanager:s")
    calls = aws.wait_for_calls(3)
    assert len({call.connection for call in calls}) == 3
    answer.set()
    assert daemon.read("P0") == "canary-0"


def test_more_batches_than_connections_share_them(aws: FakeAws, start: Start) -> None:
    """Five batches over two connections."""
    variables = declare(aws, 5 * TEN)
    daemon = start(**variables, WARMKEY_MAX_CONNECTIONS="2").wait_until_ready()
    assert daemon.read("P49") == "canary-49"
    assert len(aws.calls) == 5
    assert aws.connections == 2


def test_each_service_may_have_an_endpoint_of_its_own(aws: FakeAws, start: Start) -> None:
    """By the SDKs' variables, which win over the one for all."""
    with FakeAws() as other:
        other.keys.accept(aws.credentials)
        other.secrets.put("s", "canary-s")
        aws.parameters.put("/p", "canary-p")
        daemon = start(
            P="warmkey:/p",
            S="warmkey:secretsmanager:s",
            AWS_ENDPOINT_URL_SECRETS_MANAGER=other.url,
        ).wait_until_ready()
        assert (daemon.read("P"), daemon.read("S")) == ("canary-p", "canary-s")


def test_prefetch_of_nothing_costs_nothing(aws: FakeAws, start: Start) -> None:
    """No call, and the daemon is ready all the same."""
    daemon = start().wait_until_ready()
    assert daemon.get("/v1/secrets").json() == {}
    assert aws.calls == []


def test_prefetch_waits_until_after_a_snapshot(aws: FakeAws, start: Start) -> None:
    """Under SnapStart the first read fetches."""
    aws.parameters.put("/p", "canary")
    daemon = start(P="warmkey:/p", AWS_LAMBDA_INITIALIZATION_TYPE="snap-start").wait_until_ready()
    assert aws.calls == []
    assert daemon.read("P") == "canary"
