"""What a bench costs, as far as that can be told beforehand."""

import pytest

from warmkey.deploy.bench.price import Tariff, dollars


@pytest.mark.parametrize(
    ("architecture", "cost"), [("x86_64", 0.0002 + 16.6667), ("arm64", 0.0002 + 13.3334)]
)
def test_requests_and_gigabyte_seconds_are_billed(architecture: str, cost: float) -> None:
    """A thousand starts of a gigabyte, a thousand seconds each."""
    tariff = Tariff(architecture, 1024, "python3.13", snap_start=False)
    assert tariff.cost(1000, 1_000_000_000) == pytest.approx(cost)


@pytest.mark.parametrize(("runtime", "cost"), [("python3.13", 0.0163896798), ("java21", 2e-7)])
def test_a_snapshot_is_billed_for_three_hours(runtime: str, cost: float) -> None:
    """And for being restored; Java's are free."""
    assert Tariff("arm64", 1024, runtime, snap_start=True).cost(1, 0) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("amount", "told"),
    [(0, "$0"), (0.0000162, "$0.000016"), (0.1, "$0.1"), (0.999, "$1.00"), (1234.5, "$1,234.50")],
)
def test_an_amount_has_two_digits_that_mean_something(amount: float, told: str) -> None:
    """However small it is."""
    assert dollars(amount) == told
