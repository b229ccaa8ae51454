"""Responses: from a query and the answers of the supply, with and without declared paths."""

import json
from collections.abc import Generator
from typing import Any

import pytest

from extension.cache.entry import Entry, State
from extension.declared.declarations import Declarations
from extension.declared.reference import Reference
from extension.endpoint.requests.aws_api import ReadSource
from extension.endpoint.requests.routes import ReadAll, ReadSecret
from extension.endpoint.responses import problem, secrets
from extension.endpoint.responses.problem import Problem
from extension.http.failure import Failed, Kind
from extension.http.messages import Response
from extension.sources.parameter import Parameter
from extension.sources.parameter_path import ParameterPath
from extension.sources.responses.outcome import Found, Listing
from extension.sources.secretsmanager import Secret
from extension.sources.source import Source

T = 1_700_000_000.0
A, APP, COMMON = Parameter("/a"), ParameterPath("/app"), ParameterPath("/common")
DENIED = Failed(Kind.DENIED, "you may not", "grant it")
SLOW = Failed(Kind.TIMEOUT, "no answer in time")
SINGLE = Declarations("", {"key": Reference(A)})
PATHS = Declarations("", {"key": Reference(A)}, (Reference(APP), Reference(COMMON)))
Outcomes = dict[Source, Found | Listing | Failed]


def value(name: str, text: str | bytes) -> Found:
    """A value upstream."""
    return Found(name, text, "1", "SecureString", "arn", T, data_type="text")


def listing(path: ParameterPath, **members: str) -> Listing:
    """A path whose members have these values."""
    return Listing(
        path.name, {name: value(f"{path.name}/{name}", text) for name, text in members.items()}
    )


def answers(outcomes: Outcomes) -> dict[Source, Entry]:
    """The answers that hold these outcomes."""
    return {source: Entry(outcome, State.FRESH, T, T + 300) for source, outcome in outcomes.items()}


def built(answer: Response | Problem) -> Response:
    """An answer's response."""
    return problem.response(answer) if isinstance(answer, Problem) else answer


def read(alias: str, declarations: Declarations, outcomes: Outcomes) -> Response:
    """The answer to a read of one alias."""
    query = ReadSecret(alias, False, False, "", True)
    return built(secrets.of_secret(query, declarations, answers(outcomes), T))


def last_of(steps: Generator[None, None, Response | Problem]) -> Response | Problem:
    """What steps come to."""
    try:
        while True:
            next(steps)
    except StopIteration as end:
        answer: Response | Problem = end.value
        return answer


def read_all(declarations: Declarations, outcomes: Outcomes, form: str = "json") -> Response:
    """The answer to a read of everything."""
    steps = secrets.of_all(ReadAll(form, True), declarations, answers(outcomes))
    return built(last_of(steps))


def detail(response: Response) -> tuple[int, str]:
    """The status and the detail of a problem."""
    problem: Any = json.loads(response.body)
    return response.status, problem["detail"]


def test_an_alias_is_answered_with_what_it_stands_for() -> None:
    """Its value, bare."""
    response = read("key", SINGLE, {A: value("/a", "canary")})
    assert (response.status, response.body) == (200, b"canary")


def test_an_alias_below_a_path_is_answered_with_the_path_s_member() -> None:
    """However deep."""
    outcomes: Outcomes = {
        APP: Listing("/app", {"db/password": value("/app/db/password", "canary")}),
        COMMON: listing(COMMON),
    }
    assert read("db/password", PATHS, outcomes).body == b"canary"
    assert read("db", PATHS, outcomes).status == 404


def test_an_alias_of_its_own_wins_over_a_path_s_member() -> None:
    """The paths are not even asked for."""
    assert secrets.candidates(PATHS, "key") == (Reference(A),)
    assert read("key", PATHS, {A: value("/a", "own")}).body == b"own"


def test_the_first_of_two_paths_that_has_it_wins() -> None:
    """In the order of their declaration."""
    outcomes: Outcomes = {APP: listing(APP, x="app"), COMMON: listing(COMMON, x="c", y="common")}
    assert read("x", PATHS, outcomes).body == b"app"
    assert read("y", PATHS, outcomes).body == b"common"


@pytest.mark.parametrize(("failed", "status"), [(DENIED, 502), (SLOW, 504)])
def test_a_path_that_fails_hides_what_a_later_one_has(failed: Failed, status: int) -> None:
    """It may have the alias itself, and then the later one's value would be the wrong one."""
    outcomes: Outcomes = {APP: failed, COMMON: listing(COMMON, x="common")}
    assert detail(read("x", PATHS, outcomes)) == (status, f"x: {failed.detail}")


def test_a_path_that_fails_hides_nothing_of_an_earlier_one() -> None:
    """That one wins anyway."""
    assert read("x", PATHS, {APP: listing(APP, x="app"), COMMON: SLOW}).body == b"app"


def test_an_alias_that_no_path_has_is_not_found() -> None:
    """The problem names the paths, too."""
    outcomes: Outcomes = {APP: listing(APP), COMMON: listing(COMMON)}
    status, text = detail(read("gone", PATHS, outcomes))
    assert status == 404
    assert text == "no secret is declared as 'gone'; declared here: key, /app/*, /common/*"


def test_a_path_s_field_is_that_of_each_member() -> None:
    """Or the problem of the one that lacks it."""
    declared = Declarations("", {}, (Reference(APP, "user"),))
    outcomes: Outcomes = {APP: listing(APP, a='{"user": "canary"}', b="no JSON")}
    assert read("a", declared, outcomes).body == b"canary"
    assert "/app/b is not JSON" in detail(read("b", declared, outcomes))[1]


def test_everything_is_every_alias_and_every_member() -> None:
    """An alias of its own wins, and of two paths the first."""
    outcomes: Outcomes = {
        A: value("/a", "own"),
        APP: listing(APP, key="app", x="app"),
        COMMON: listing(COMMON, x="common", y="common"),
    }
    response = read_all(PATHS, outcomes)
    assert json.loads(response.body) == {"key": "own", "x": "app", "y": "common"}
    assert ("Cache-Control", "no-store") in response.headers


@pytest.mark.parametrize("form", ["json", "dotenv", "shell"])
def test_everything_fails_where_a_path_does(form: str) -> None:
    """Half of it would look like parameters that are gone."""
    outcomes: Outcomes = {A: value("/a", "own"), APP: listing(APP), COMMON: DENIED}
    assert detail(read_all(PATHS, outcomes, form)) == (502, "/common/*: you may not")


def test_everything_may_be_nothing() -> None:
    """An empty path."""
    declared = Declarations("", {}, (Reference(APP),))
    assert read_all(declared, {APP: listing(APP)}).body == b"{}"


@pytest.mark.parametrize("kind", list(Kind))
def test_the_drop_in_api_answers_each_failure_of_the_service_with_400(kind: Kind) -> None:
    """In plain text that no client takes for a value, as AWS's extension does."""
    for source in (Parameter("/a"), Secret("db")):
        query = ReadSource(source, False, "", True)
        answer = Entry(Failed(kind, "why", "what to do"), State.FRESH, T, T)
        failed = secrets.of_source(query, answer, T)
        assert isinstance(failed, Problem)
        assert failed.status == 400
        assert problem.response(failed, plain=True).body.decode() == (
            "an unexpected error occurred while executing request: "
            f"{source.name}: why (what to do)\n"
        )


def test_the_drop_in_api_answers_a_value_in_its_own_form() -> None:
    """By what was asked for, and not by what the value looks like."""
    found = Entry(value("x", "canary"), State.FRESH, T, T + 300)
    parameter = built(secrets.of_source(ReadSource(Parameter("x"), False, "", True), found, T))
    secret = built(secrets.of_source(ReadSource(Secret("x"), False, "", True), found, T))
    assert json.loads(parameter.body)["Parameter"]["Value"] == "canary"
    assert json.loads(secret.body)["SecretString"] == "canary"


def test_a_name_that_is_kept_out_says_how_to_let_it_in() -> None:
    """And no more of the name than is needed."""
    problem = secrets.not_declared("/other" + "x" * 1000)
    assert problem.status == 403
    assert len(problem.detail) < 150
    assert problem.hint == "declare it, or set WARMKEY_ALLOW to any"
