"""The endpoint: which answer a query gets, and when."""

import json

import pytest

from extension.endpoint.responses.problem import Problem, Refused
from extension.http.failure import Failed, Kind
from tests.fakes.heads import TOKEN_HEADER, head
from tests.fakes.served import BUDGET, STALE_BUDGET, Asked, Served
from tests.fakes.supplied import value

SLOW = Failed(Kind.TIMEOUT, "no answer")
DENIED = Failed(Kind.DENIED, "you may not", "grant it")


@pytest.fixture
def world() -> Served:
    """An endpoint that serves `A`, a field of it as `B`, and another as `C`."""
    return Served(A="/a", B="/a#user", C="/c")


def hold(world: Served, *texts: str) -> None:
    """Let the supply have the values of the sources that are declared, in their order."""
    for source, text in zip(world.sources, texts, strict=False):
        world.hold(source, value(text))


def test_a_value_that_is_held_is_answered_at_once(world: Served) -> None:
    """Nothing is fetched, and no timer runs."""
    hold(world, "one")
    asked = world.ask("/v1/secrets/A")
    assert (asked.answer.status, asked.answer.body) == (200, b"one")
    assert asked.keep_alive
    assert asked.answer.fields.get("connection") == "keep-alive"
    assert (world.fetching, world.timers) == ([], [])


def test_a_value_that_is_not_held_is_answered_when_it_comes(world: Served) -> None:
    """The read is parked meanwhile."""
    asked = world.ask("/v1/secrets/A")
    assert asked.response is None
    world.deliver(value("one"))
    assert asked.answer.body == b"one"


def test_a_read_waits_as_long_as_its_budget(world: Served) -> None:
    """Then it is late: 504."""
    asked = world.ask("/v1/secrets/A")
    assert [timer.due for timer in world.timers] == [BUDGET]
    world.run_out_of_time()
    assert asked.answer.status == 504
    world.deliver(value("late"))
    assert world.ask("/v1/secrets/A").answer.body == b"late"


def test_a_read_of_what_has_a_last_good_value_waits_no_longer_than_a_brief_fetch() -> None:
    """However long its fetch waits for others; but for who wants the new value and no other."""
    world = Served(A="/a")
    world.hold(world.sources[0], value("good"))
    world.now += 300
    asked = world.ask("/v1/secrets/A")
    refreshed = world.ask("/v1/secrets/A?refresh=true")
    assert [timer.due for timer in world.timers] == [STALE_BUDGET, BUDGET]
    end = world.timers[0].callback
    assert end is not None
    end()
    assert asked.answer.body == b"good"
    assert asked.answer.fields.get("warmkey-state") == "stale"
    assert refreshed.response is None


def test_an_answer_in_time_cancels_the_timer(world: Served) -> None:
    """It would answer again."""
    asked = world.ask("/v1/secrets/A")
    world.deliver(value("one"))
    world.run_out_of_time()
    assert asked.answer.status == 200


def test_a_late_read_of_a_value_that_expired_gets_it_stale(world: Served) -> None:
    """As long as it may be served."""
    hold(world, "one")
    world.now += 300
    asked = world.ask("/v1/secrets/A")
    world.run_out_of_time()
    assert (asked.answer.status, asked.answer.body) == (200, b"one")
    assert asked.answer.fields.get("warmkey-state") == "stale"


def test_one_fetch_serves_every_alias_of_a_source(world: Served) -> None:
    """The value, and a field of it."""
    whole, field = world.ask("/v1/secrets/A"), world.ask("/v1/secrets/B")
    assert len(world.fetching) == 1
    world.deliver(value('{"user": "me"}'))
    assert (whole.answer.body, field.answer.body) == (b'{"user": "me"}', b"me")


def test_a_field_that_is_not_there_is_an_error_of_its_alias_alone(world: Served) -> None:
    """The value itself is there."""
    hold(world, "no JSON")
    assert world.ask("/v1/secrets/A").answer.status == 200
    answer = world.ask("/v1/secrets/B").answer
    assert answer.status == 502
    assert json.loads(answer.body)["detail"].startswith("B: ")


def test_a_failure_upstream_is_told_with_what_to_do(world: Served) -> None:
    """The connection lives on."""
    asked = world.ask("/v1/secrets/A")
    world.deliver(DENIED)
    assert asked.answer.status == 502
    assert asked.answer.fields.get("content-type") == "application/problem+json"
    body = json.loads(asked.answer.body)
    assert (body["detail"], body["hint"]) == ("A: you may not", "grant it")
    assert asked.keep_alive


def test_an_alias_that_is_not_declared_is_not_found(world: Served) -> None:
    """The error lists those that are; nothing is fetched."""
    answer = world.ask("/v1/secrets/D").answer
    assert answer.status == 404
    detail = "no secret is declared as 'D'; declared here: A, B, C"
    assert json.loads(answer.body)["detail"] == detail
    assert world.fetching == []


def test_error_says_that_nothing_is_declared() -> None:
    """And how to declare something."""
    body = json.loads(Served().ask("/v1/secrets/A").answer.body)
    assert body["detail"] == "no secret is declared as 'A'; declared here: none"
    assert body["hint"].startswith("declare it in warmkey.json, or as a variable")


def test_a_due_value_is_answered_and_fetched_beside(world: Served) -> None:
    """Nobody waits."""
    hold(world, "one")
    world.now += 240
    assert world.ask("/v1/secrets/A").answer.body == b"one"
    assert len(world.fetching) == 1
    world.deliver(value("two", "2"))
    assert world.ask("/v1/secrets/A").answer.body == b"two"


def test_a_refresh_goes_upstream_first(world: Served) -> None:
    """However fresh the value that is held; one that merely reads gets that."""
    hold(world, "one")
    asked = world.ask("/v1/secrets/A?refresh=true")
    assert asked.response is None
    assert world.ask("/v1/secrets/A").answer.body == b"one"
    world.deliver(value("two", "2"))
    assert asked.answer.body == b"two"


def test_a_refresh_that_fails_is_an_error(world: Served) -> None:
    """Who asks for a refresh wants to know; the value still serves the others."""
    hold(world, "one")
    asked = world.ask("/v1/secrets/A?refresh=true")
    world.deliver(SLOW)
    assert asked.answer.status == 504
    assert world.ask("/v1/secrets/A").answer.body == b"one"


def test_a_refresh_is_never_answered_by_the_one_before(world: Served) -> None:
    """Each goes upstream."""
    for text in ("one", "two"):
        asked = world.ask("/v1/secrets/A?refresh=true")
        world.deliver(value(text))
        assert asked.answer.body == text.encode()


def test_a_value_as_json_names_its_alias(world: Served) -> None:
    """And where it came from."""
    hold(world, '{"user": "me"}')
    body = json.loads(world.ask("/v1/secrets/B?format=json").answer.body)
    assert (body["alias"], body["name"], body["value"]) == ("B", "/a", "me")


def test_value_that_the_client_holds_is_not_sent_again(world: Served) -> None:
    """304; a new version is sent."""
    hold(world, "one")
    etag = world.ask("/v1/secrets/A").answer.fields.get("etag")
    assert world.ask("/v1/secrets/A", {"If-None-Match": etag}).answer.status == 304
    world.hold(world.sources[0], value("two", "2"))
    assert world.ask("/v1/secrets/A", {"If-None-Match": etag}).answer.body == b"two"


def test_status_and_ping_are_answered_without_a_token(world: Served) -> None:
    """And never cached."""
    for target, body in (("/v1/status", b'{"state":"ready"}'), ("/ping", b"healthy")):
        answer = world.ask(target, {TOKEN_HEADER: None}).answer
        assert (answer.status, answer.body) == (200, body)
        assert answer.fields.get("cache-control") == "no-store"


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (head("/v1/secrets/A", {TOKEN_HEADER: "wrong"}), 403),
        (head("/ping", {"Host": "evil"}), 403),
        (head("/nowhere"), 404),
        (head("/ping", method="POST"), 405),
        (b"\x16\x03\x01", 400),
    ],
)
def test_a_refused_request_ends_the_connection(
    world: Served, request_head: bytes, status: int
) -> None:
    """What follows it may be its body."""
    asked = world.send(request_head)
    assert asked.answer.status == status
    assert asked.answer.fields.get("connection") == "close"
    assert asked.keep_alive is False


def test_the_refusal_of_head_has_no_body(world: Served) -> None:
    """Its length is told all the same (RFC 9110 §9.3.2)."""
    sent: list[bytes] = []
    world.endpoint.handle(
        head("/ping", method="HEAD"), lambda data, _: sent.append(data), lambda: None
    )
    (data,) = sent
    assert data.startswith(b"HTTP/1.1 405 ")
    assert data.index(b"\r\n\r\n") == len(data) - 4


@pytest.mark.parametrize("target", ["/v1/secrets/A", "/v1/secrets", "/v1/secrets/D", "/ping"])
def test_a_client_that_wants_to_close_is_told_so(world: Served, target: str) -> None:
    """Whatever the answer is."""
    hold(world, '{"user": "me"}', "c")
    asked = world.ask(target, {"Connection": "close"})
    assert asked.answer.fields.get("connection") == "close"
    assert asked.keep_alive is False


def test_reads_are_counted(world: Served) -> None:
    """One for each read of declared secrets, kept, parked or neither."""
    hold(world, '{"user": "me"}')
    for target in ("/v1/secrets/A", "/v1/secrets/A", "/v1/secrets/C", "/v1/secrets"):
        world.ask(target)
    for target in ("/v1/secrets/D", "/v1/status", "/ping", "/nowhere"):
        world.ask(target)
    assert world.endpoint.reads == 4


NATIVE, OF_AWS = "/v1/secrets/A", "/secretsmanager/get?secretId=s"
BUSY = Refused(Problem(503, "busy", "full", headers=(("Retry-After", "1"),)))


def every_kind_of_answer(target: str) -> dict[str, Asked]:
    """An answer of each kind that the endpoint gives for a target, by what came before it."""
    world = Served(A="/a")
    asked = {
        "no room": world.send(head(target), BUSY),
        "a method": world.send(head(target, method="POST")),
        "another host": world.ask(target, {"Host": "example.com"}),
        "no token": world.ask(target, {TOKEN_HEADER: None}),
        "a long head": world.ask(target, {"X": "x" * 9000}),
        "a long target": world.ask(f"{target}{'x' * 9000}"),
        "a broken header": world.send(head(target) + b"\r\n X"),
        "a read that fails": world.ask(target),
    }
    world.deliver(DENIED)
    asked["half a head"] = Asked()
    slow = Problem(408, "too-slow", "why")
    world.endpoint.refuse(head(target)[:-5], slow, asked["half a head"].take)
    return asked


@pytest.mark.parametrize(
    ("target", "content_type"),
    [(NATIVE, "application/problem+json"), (OF_AWS, "text/plain; charset=utf-8")],
)
def test_every_refusal_is_for_its_api_and_for_no_browser_or_cache(
    target: str, content_type: str
) -> None:
    """Wherever in the endpoint it arises: AWS's clients may take JSON for a value."""
    asked = every_kind_of_answer(target)
    statuses = {name: each.answer.status for name, each in asked.items()}
    assert set(statuses.values()) >= {400, 403, 405, 408, 414, 431, 503}, statuses
    for each in asked.values():
        assert each.answer.status >= 400
        assert each.answer.fields.get("content-type") == content_type
        assert each.answer.fields.get("cache-control") == "no-store"
        assert each.answer.fields.get("x-content-type-options") == "nosniff"
        assert each.answer.fields.get("cross-origin-resource-policy") == "same-origin"
        assert each.answer.fields.get("date")
    assert asked["no room"].answer.fields.get("retry-after") == "1"
