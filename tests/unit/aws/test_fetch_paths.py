"""Fetching a path: every page of it, or none."""

import itertools

import pytest

from extension.http.failure import Failed, Kind
from extension.http.messages import Response
from extension.sources.parameter_path import ParameterPath
from extension.sources.responses.outcome import Found, Listing
from tests.fakes.aws_answers import UNEXPECTED, item, ok
from tests.fakes.scripted_caller import Scripted, error

PATH = ParameterPath("/app/prod")
NOW = 1_700_000_000.0
MODIFIED = NOW - 60


def page(*names: str, token: str | None = None, modified: float = MODIFIED) -> Response:
    """A page with these parameters, whose values are their names."""
    items = [item(Name=name, Value=name, LastModifiedDate=modified) for name in names]
    return ok({"Parameters": items} | ({"NextToken": token} if token else {}))


def listed(world: Scripted) -> dict[str, str | bytes | None]:
    """The values that a fetch of the path brings, by their names below it."""
    outcome = world.fetch((PATH,))[PATH]
    assert isinstance(outcome, Listing)
    return {name: each.value for name, each in outcome.members.items()}


def failed(world: Scripted) -> Failed:
    """Why it brings none."""
    outcome = world.fetch((PATH,))[PATH]
    assert isinstance(outcome, Failed)
    return outcome


def test_a_path_is_read_whole_and_decrypted() -> None:
    """However deep, in pages as large as they may be."""
    world = Scripted(page("/app/prod/a"))
    assert listed(world) == {"a": "/app/prod/a"}
    assert world.bodies == [
        {"Path": "/app/prod", "Recursive": True, "WithDecryption": True, "MaxResults": 10}
    ]


def test_every_page_is_asked_for_with_the_token_of_the_one_before() -> None:
    """An empty page may have one, too."""
    world = Scripted(
        page("/app/prod/a", token="1"), page(token="2"), page(token="3"), page("/app/prod/db/b")
    )
    assert listed(world) == {"a": "/app/prod/a", "db/b": "/app/prod/db/b"}
    assert [body.get("NextToken") for body in world.bodies] == [None, "1", "2", "3"]
    assert set(world.actions) == {"GetParametersByPath"}


@pytest.mark.parametrize("empty", [page(), ok({"Parameters": None}), ok({}), page(token="")])
def test_a_path_may_be_empty(empty: Response) -> None:
    """Said in any of these ways."""
    assert listed(Scripted(empty)) == {}


@pytest.mark.parametrize("tokens", [["1", "1"], ["1", "2", "1"], ["1", "2", "3", "2"]])
def test_pages_that_go_round_in_circles_are_broken(tokens: list[str]) -> None:
    """Rather than read without end."""
    world = Scripted(*(page(f"/app/prod/{n}", token=token) for n, token in enumerate(tokens)))
    assert failed(world) == Failed(Kind.INVALID, "the pages of /app/prod do not end")
    assert len(world.actions) == len(tokens)


def test_a_page_that_fails_in_passing_is_tried_again() -> None:
    """That page alone."""
    throttled = error("ThrottlingException", "Rate exceeded")
    world = Scripted(page("/app/prod/a", token="1"), throttled, page("/app/prod/b"))
    assert listed(world).keys() == {"a", "b"}
    assert [body.get("NextToken") for body in world.bodies] == [None, "1", "1"]


def test_a_path_whose_later_pages_are_newer_than_its_first_is_read_again() -> None:
    """Else a reader could get one of two values that are rotated together, and not the other."""
    world = Scripted(
        page("/app/prod/old", token="1"),
        page("/app/prod/b", modified=NOW + 0.1),
        page("/app/prod/new", token="1", modified=NOW + 0.1),
        page("/app/prod/b"),
    )
    assert listed(world).keys() == {"new", "b"}


def test_a_path_that_changes_all_the_time_is_read_three_times() -> None:
    """And then taken as it is."""
    changed = page("/app/prod/b", modified=NOW + 0.1)
    world = Scripted(*[page("/app/prod/a", token="1"), changed] * 5)
    assert listed(world).keys() == {"a", "b"}
    assert len(world.actions) == 6


def test_a_single_page_is_read_once() -> None:
    """Whatever is new on it was read at one moment."""
    world = Scripted(page("/app/prod/a", modified=NOW + 0.1))
    assert listed(world).keys() == {"a"}
    assert len(world.actions) == 1


@pytest.mark.parametrize("kind", ["AccessDeniedException", "ValidationException", "InvalidKeyId"])
def test_a_page_that_is_refused_fails_the_path(kind: str) -> None:
    """Half of it would look like parameters that are gone."""
    world = Scripted(page("/app/prod/a", token="1"), error(kind, "no"))
    assert failed(world).detail == f"{kind}: no"
    assert not failed(world).transient


def test_a_token_that_grew_old_fails_the_path_for_now() -> None:
    """It says nothing of the parameters, so that those which are held go on serving."""
    world = Scripted(page("/app/prod/a", token="1"), error("InvalidNextToken", "no"), timeout=0.1)
    assert failed(world).detail == "InvalidNextToken: no"
    assert failed(world).transient


def test_a_denied_path_says_what_to_grant() -> None:
    """On the path, as it was declared."""
    denial = "User: u is not authorized to perform: ssm:GetParametersByPath"
    assert failed(Scripted(error("AccessDeniedException", denial))).hint == (
        "grant ssm:GetParametersByPath on /app/prod/* to the function's role"
    )


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"Parameters": 1},
        {"Parameters": [None]},
        {"Parameters": [item(Value=None)]},
        {"Parameters": [item(Name="/app/prod")]},
        {"Parameters": [item(Name="/app/product/a")]},
        {"NextToken": 1},
    ],
)
def test_a_page_that_makes_no_sense_is_broken(body: object) -> None:
    """All of it."""
    assert PATH.read(ok(body)) == UNEXPECTED


def test_the_repr_of_a_page_shows_no_value() -> None:
    """Nor that of a whole path."""
    read = PATH.read(page("/app/prod/canary"))
    assert "canary" not in repr(read)
    member = Found("/a", "canary", "1", "String", "arn", 0)
    assert "canary" not in repr(Listing("/app", {"a": member}))


def test_a_service_that_always_gives_another_token_is_left_in_the_end() -> None:
    """After a thousand pages, each of which may be empty."""
    numbers = itertools.count()
    world = Scripted(lambda: page(token=str(next(numbers))))
    failure = failed(world)
    assert failure.detail == "/app/prod/* has more than 1000 pages or 16777216 bytes"
    assert failure.hint
    assert failure.transient
    assert len(world.actions) == 1000


def test_a_path_has_no_more_than_so_many_bytes() -> None:
    """A process that holds it all has to live within a function's memory."""
    numbers = itertools.count()
    large = "x" * 1024 * 1024

    def next_page() -> Response:
        number = next(numbers)
        return ok(
            {
                "Parameters": [item(Name=f"/app/prod/{number}", Value=large)],
                "NextToken": str(number),
            }
        )

    world = Scripted(next_page)
    assert failed(world).detail == "/app/prod/* has more than 1000 pages or 16777216 bytes"
    assert len(world.actions) == 17
