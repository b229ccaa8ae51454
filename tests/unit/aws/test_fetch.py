"""Fetching: patience with what passes, none with what does not, and the fewest calls."""

import time

import pytest

from extension.aws.fetcher import BRIEF_ATTEMPTS, PATIENT_ATTEMPTS
from extension.http.failure import Failed, Kind, UpstreamError
from extension.http.messages import Response
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found
from extension.sources.secretsmanager import Secret
from extension.sources.source import Source
from tests.fakes.aws_answers import batch, found, item, ok, secret
from tests.fakes.scripted_caller import Scripted, error

A, B, C = Parameter("/a"), Parameter("/b"), Parameter("/c")
X, Y = Secret("x"), Secret("y")
THROTTLED = error("ThrottlingException", "Rate exceeded")
DENIED = error("AccessDeniedException", "User: u is not authorized to perform: ssm:GetParameters")
ONE = ok({"Parameter": item(Value="one")})
OF_B = ok({"Parameter": item(Name="/b", Value="b")})
HOUR = 3600
SHORT = 0.4
"""Seconds; five of them are more than a busy machine stands still for."""


def test_a_single_source_costs_one_call() -> None:
    """Of its own kind."""
    world = Scripted(ONE)
    outcomes = world.fetch((A,))
    assert found(outcomes[A]).value == "one"
    assert world.actions == ["GetParameter"]


def test_a_batch_costs_one_call() -> None:
    """Whose items go where they belong."""
    world = Scripted(batch(item(Name="/b", Value="b"), item(Value="a")))
    outcomes = world.fetch((A, B))
    assert [found(outcomes[source]).value for source in (A, B)] == ["a", "b"]
    assert world.actions == ["GetParameters"]


def test_a_refused_batch_is_read_one_by_one() -> None:
    """And the log says once which permission would save the calls."""
    world = Scripted(DENIED, ONE, error("ParameterNotFound"), DENIED, ONE, OF_B)
    outcomes = world.fetch((A, B))
    assert found(outcomes[A]).value == "one"
    assert isinstance(outcomes[B], Failed)
    world.fetch((A, B))
    assert world.actions == ["GetParameters", *["GetParameter"] * 2] * 2
    (line,) = world.warnings
    assert (
        line["hint"] == "grant ssm:GetParameters on each of the parameters to the function's role"
    )


def test_a_name_that_a_batch_is_silent_about_is_asked_for_alone() -> None:
    """The others are not asked for again."""
    world = Scripted(batch(item(Value="a")), OF_B)
    assert found(world.fetch((A, B))[B]).value == "b"
    assert world.actions == ["GetParameters", "GetParameter"]


def test_a_throttled_batch_is_never_read_one_by_one() -> None:
    """That would make ten calls of one."""
    world = Scripted(THROTTLED, timeout=0.05)
    outcomes = world.fetch((A, B, C))
    kinds = {outcome.kind for outcome in outcomes.values() if isinstance(outcome, Failed)}
    assert kinds == {"throttled"}
    assert len(outcomes) == 3
    assert set(world.actions) == {"GetParameters"}
    assert world.warnings == []


@pytest.mark.parametrize(
    "trouble",
    [
        THROTTLED,
        error("InternalServerError", status=500),
        Response(200, (), b"<html>"),
        Failed(Kind.TIMEOUT, "no answer"),
        Failed(Kind.UNREACHABLE, "no way"),
    ],
)
def test_transient_failure_is_retried(trouble: Response | Failed) -> None:
    """The call is made again, after a wait."""
    world = Scripted(trouble, trouble, ONE)
    assert found(world.fetch((A,))[A]).value == "one"
    assert len(world.actions) == 3


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (error("ParameterNotFound"), "missing"),
        (error("AccessDeniedException"), "denied"),
        (error("ValidationException"), "refused"),
        (Failed(Kind.UNTRUSTED, "its certificate has expired"), "untrusted"),
        (error("UnrecognizedClientException"), "unauthenticated"),
    ],
)
def test_lasting_failure_is_not_retried(trouble: Response | Failed, kind: str) -> None:
    """A refusal is final; a certificate does not change so soon, nor do credentials."""
    world = Scripted(trouble)
    outcome = world.fetch((A,))[A]
    assert isinstance(outcome, Failed)
    assert outcome.kind == kind
    assert len(world.actions) == 1


def test_credentials_that_are_unknown_are_read_again_for_the_next_fetch() -> None:
    """New ones are known to AWS only after a while."""
    world = Scripted(error("InvalidClientTokenId", status=403), ONE)
    outcome = world.fetch((A,))[A]
    assert isinstance(outcome, Failed)
    assert outcome.transient
    assert world.credentials.renewals == 1


def test_expired_credentials_are_read_again() -> None:
    """Before the call is tried again."""
    world = Scripted(error("ExpiredTokenException"), ONE)
    assert found(world.fetch((A,))[A]).value == "one"
    assert world.credentials.renewals == 1


def test_patience_has_an_end() -> None:
    """Five attempts' worth; then the failure is told."""
    world = Scripted(THROTTLED, timeout=SHORT)
    outcome = world.fetch((A,), PATIENT_ATTEMPTS)[A]
    assert isinstance(outcome, Failed)
    assert outcome.kind == "throttled"
    assert max(world.caller.deadlines) > world.caller.deadlines[0]


def test_a_brief_fetch_ends_with_the_time_of_one_attempt() -> None:
    """It may try again, within that."""
    world = Scripted(THROTTLED, timeout=SHORT)
    world.fetch((A,), BRIEF_ATTEMPTS)
    assert max(world.caller.deadlines) == world.caller.deadlines[0]


def test_an_attempt_that_time_cuts_short_hides_no_failure_before_it() -> None:
    """Whatever it says, as of credentials that were late: there was no time for it."""

    def late() -> Response:
        while time.monotonic() < world.caller.deadlines[-1]:
            pass
        raise UpstreamError(Failed(Kind.INVALID, "no credentials in time"))

    world = Scripted(THROTTLED, late, timeout=SHORT)
    outcome = world.fetch((A,), BRIEF_ATTEMPTS)[A]
    assert isinstance(outcome, Failed)
    assert outcome.kind == "throttled"


def test_an_answer_that_travelled_through_a_freeze_is_asked_for_again() -> None:
    """It may be hours old; its connection is not trusted either."""

    def freeze() -> Response:
        world.now += HOUR
        return ONE

    world = Scripted(freeze, ok({"Parameter": item(Value="rotated")}))
    assert found(world.fetch((A,))[A]).value == "rotated"
    assert world.caller.resets == 1


def test_an_answer_to_another_call_is_asked_for_again() -> None:
    """Over another connection: this one mixes up its answers."""
    world = Scripted(OF_B, ONE)
    assert found(world.fetch((A,))[A]).value == "one"
    assert world.caller.resets == 1


def test_a_server_s_own_failure_costs_no_connection() -> None:
    """It has answered what it was asked."""
    world = Scripted(error("InternalServerError", status=500), ONE)
    assert found(world.fetch((A,))[A]).value == "one"
    assert world.caller.resets == 0


def test_a_clock_that_jumps_back_spoils_no_answer() -> None:
    """However far."""

    def jump() -> Response:
        world.now -= HOUR
        return ONE

    world = Scripted(jump)
    assert found(world.fetch((A,))[A]).value == "one"
    assert len(world.actions) == 1


def test_secrets_are_read_together() -> None:
    """And one that the batch could not read is asked for alone, for its own reason."""
    values = {"SecretValues": [secret(Name="x", SecretString="x")], "Errors": [{"SecretId": "y"}]}
    world = Scripted(ok(values), error("ResourceNotFoundException"))
    outcomes = world.fetch((X, Y))
    assert found(outcomes[X]).value == "x"
    assert outcomes[Y] == Failed(
        Kind.MISSING,
        "secret y does not exist in this account and region",
        "create it, or correct the reference; "
        "`aws secretsmanager list-secrets` lists what there is",
    )
    assert world.actions == ["BatchGetSecretValue", "GetSecretValue"]


def test_secrets_whose_batch_is_denied_are_read_one_by_one() -> None:
    """It takes a permission of its own, which the log names."""
    singles = [ok(secret(Name=name, SecretString=name)) for name in ("x", "y")]
    world = Scripted(error("AccessDeniedException"), *singles)
    outcomes = world.fetch((X, Y))
    assert [found(outcomes[source]).value for source in (X, Y)] == ["x", "y"]
    assert world.actions == ["BatchGetSecretValue", "GetSecretValue", "GetSecretValue"]
    assert len(world.warnings) == 1


@pytest.mark.parametrize("job", [(A,), (X,), (A, B), (X, Y)])
def test_every_source_of_a_job_has_an_outcome(job: tuple[Source, ...]) -> None:
    """Whatever fails."""
    for trouble in (THROTTLED, DENIED, Failed(Kind.TIMEOUT, "no answer")):
        outcomes = Scripted(trouble, timeout=0.001).fetch(job)
        assert outcomes.keys() == set(job)
        assert all(isinstance(outcome, Failed | Found) for outcome in outcomes.values())
