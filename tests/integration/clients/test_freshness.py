"""A thin client keeps a value for as long as the endpoint allows, and not a moment longer."""

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Response
from tests.integration.clients.thin_client import ReadFailed, ThinClient


@pytest.mark.parametrize(
    ("age", "max_age", "seconds"),
    [(0, 100, 80), (30, 100, 50), (79, 100, 1)],
    ids=["just fetched", "younger", "nearly due"],
)
def test_a_value_is_read_from_memory_for_four_fifths_of_its_time_to_live(
    endpoint: FakeEndpoint, client: ThinClient, age: int, max_age: int, seconds: int
) -> None:
    """Then the endpoint is asked, which refreshes beside its answer."""
    endpoint.serve("KEY", "old", age=age, max_age=max_age)
    client.get("KEY")
    endpoint.serve("KEY", "new", version=2)

    client.now += seconds - 0.5
    before = client.get("KEY")
    client.now += 0.5
    after = client.get("KEY")

    assert (before, after) == ("old", "new")


def test_each_alias_has_a_value_of_its_own(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """Memory is by alias."""
    for alias in ("A", "B", "A", "B"):
        endpoint.serve(alias, f"value of {alias}")
        assert client.get(alias) == f"value of {alias}"

    assert len(endpoint.requests) == 2


def test_a_clock_that_jumps_back_makes_a_value_expire(
    endpoint: FakeEndpoint, client: ThinClient
) -> None:
    """A value is never kept longer because the time was set."""
    endpoint.serve("KEY", "old", max_age=100)
    client.get("KEY")
    endpoint.serve("KEY", "new", version=2)

    client.now -= 3600

    assert client.get("KEY") == "new"


@pytest.mark.parametrize(
    "headers",
    [
        (("Cache-Control", "private, max-age=300"), ("Age", "0"), ("Warmkey-State", "stale")),
        (("Cache-Control", "private, max-age=100"), ("Age", "80")),
        (("Cache-Control", "no-store"), ("Age", "0")),
        (("Cache-Control", "max-age=soon"), ("Age", "0")),
        (),
    ],
    ids=["stale", "due for refresh", "no-store", "bad", "none"],
)
def test_a_value_that_is_not_to_be_kept_is_read_again(
    endpoint: FakeEndpoint, client: ThinClient, headers: tuple[tuple[str, str], ...]
) -> None:
    """The endpoint is asked each time."""
    endpoint.answer("/v1/secrets/KEY", Response(200, b"value", "text/plain", headers))

    assert [client.get("KEY"), client.get("KEY")] == ["value", "value"]
    assert len(endpoint.requests) == 2


def test_a_revoked_secret_stops_working(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """Once it expired here, the endpoint's refusal counts, and the value is forgotten.

    So a clock that jumps back does not bring it back.
    """
    endpoint.serve("KEY", "value", max_age=100)
    client.get("KEY")
    endpoint.refuse("KEY", 404, title="Not Found")
    client.now += 100

    for _ in range(2):
        with pytest.raises(ReadFailed, match="SecretNotFound"):
            client.get("KEY")
        client.now -= 50
    assert endpoint.requests[-1].headers["If-None-Match"] is None


def test_a_refreshed_value_takes_the_place_of_the_one_in_memory(
    endpoint: FakeEndpoint, client: ThinClient
) -> None:
    """`read` goes to AWS where it is told to, and what it gets holds for every other read."""
    endpoint.serve("KEY", "old")
    endpoint.serve("KEY?refresh=true", "new", version=2)
    client.get("KEY")

    assert [client.refresh("KEY"), client.get("KEY")] == ["new", "new"]
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize("status", [502, 503, 504])
def test_the_client_serves_nothing_stale_by_itself(
    endpoint: FakeEndpoint, client: ThinClient, status: int
) -> None:
    """Whether an old value may still be used is the endpoint's to say."""
    endpoint.serve("KEY", "value", max_age=100)
    client.get("KEY")
    endpoint.refuse("KEY", status, title="Upstream")
    client.now += 100

    with pytest.raises(ReadFailed, match="UpstreamError"):
        client.get("KEY")


def test_an_expired_value_is_of_no_use_without_the_endpoint(
    endpoint: FakeEndpoint, client: ThinClient
) -> None:
    """An extension that died is an error, once what it allowed has run out."""
    endpoint.serve("KEY", "value", max_age=100)
    client.get("KEY")
    endpoint.close()

    client.now += 79
    assert client.get("KEY") == "value"
    client.now += 1
    with pytest.raises(ReadFailed, match="EndpointUnavailable"):
        client.get("KEY")
