"""Single flight: one fetch for all who wait."""

from collections.abc import Callable

import pytest

from extension.cache.single_flight import InFlight


def test_a_key_takes_off_once_until_it_lands() -> None:
    """Then it may again."""
    flights = InFlight()
    assert flights.begin("a")
    assert not flights.begin("a")
    flights.finish("a", 1)
    assert flights.begin("a")


def test_everybody_who_waits_gets_the_result_in_order() -> None:
    """Each once."""
    flights = InFlight()
    got: list[tuple[str, int]] = []

    def waiter(name: str) -> Callable[[int], None]:
        return lambda result: got.append((name, result))

    flights.begin("a")
    flights.wait("a", waiter("first"))
    flights.wait("a", waiter("second"))
    flights.finish("a", 1)
    flights.finish("a", 2)
    assert got == [("first", 1), ("second", 1)]


def test_keys_fly_apart() -> None:
    """The landing of one says nothing of another."""
    flights = InFlight()
    got: list[int] = []
    for key in ("a", "b"):
        flights.begin(key)
    flights.wait("b", got.append)
    flights.finish("a", 1)
    assert got == []
    assert "a" not in flights
    assert "b" in flights
    assert len(flights) == 1


def test_a_waiter_may_begin_the_next_flight() -> None:
    """It is a new one, which has not landed."""
    flights = InFlight()
    got: list[int] = []

    def begin_again(result: int) -> None:
        got.append(result)
        assert flights.begin("a")
        flights.wait("a", got.append)

    flights.begin("a")
    flights.wait("a", begin_again)
    flights.finish("a", 1)
    assert got == [1]
    flights.finish("a", 2)
    assert got == [1, 2]


def test_no_read_waits_for_a_flight_that_is_not_there() -> None:
    """It would be for ever."""
    with pytest.raises(KeyError):
        InFlight().wait("a", print)


def test_result_without_a_flight_or_waiters_is_no_error() -> None:
    """As when all who waited have gone."""
    flights = InFlight()
    flights.finish("a", 1)
    flights.begin("a")
    flights.finish("a", 1)
    assert len(flights) == 0


def test_flights_can_be_listed_while_one_finishes() -> None:
    """As when all are to be ended."""
    flights = InFlight()
    for key in ("a", "b"):
        flights.begin(key)
    for key in flights:
        flights.finish(key, 1)
    assert list(flights) == []
