"""The fake Stripe, through Stripe's own SDK."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from tests.fakes.stripe_api import UNKNOWN, Charge, StripeApi

KEYS = {"live": "sk_live_canary_7f3a91c0d2", "test": "sk_test_canary_1b8e64f5a9"}


@pytest.fixture
def api() -> Iterator[StripeApi]:
    """A Stripe that knows two keys."""
    with StripeApi(KEYS) as running:
        yield running


def client(api: StripeApi, key: str) -> stripe.StripeClient:
    """The SDK, pointed at the fake; over urllib, which leaves no connection open."""
    return stripe.StripeClient(
        key, base_addresses={"api": api.url}, http_client=stripe.UrllibClient()
    )


def charge(api: StripeApi, key: str) -> stripe.PaymentIntent:
    """Charges a card as the example function does."""
    return client(api, key).v1.payment_intents.create(
        {
            "amount": 2000,
            "currency": "eur",
            "payment_method": "pm_card_visa",
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "expand": ["latest_charge"],
        }
    )


def test_a_known_key_charges_a_card(api: StripeApi) -> None:
    """The SDK gets a payment that succeeded, with the charge's id."""
    intent = charge(api, KEYS["test"])
    assert intent.status == "succeeded"
    assert intent["latest_charge"]["id"].startswith("ch_")


def test_a_charge_is_recorded_with_the_name_of_its_key(api: StripeApi) -> None:
    """The demonstration reads from here which parameter's key was used."""
    live = charge(api, KEYS["live"])
    test = charge(api, KEYS["test"])
    assert api.charges == [
        Charge(live["latest_charge"]["id"], "live"),
        Charge(test["latest_charge"]["id"], "test"),
    ]


def test_a_charge_that_is_read_again_is_recorded_once(api: StripeApi) -> None:
    """Retrieving a payment makes no charge."""
    intent = charge(api, KEYS["test"])
    client(api, KEYS["test"]).v1.payment_intents.retrieve(intent.id)
    assert len(api.charges) == 1


def test_the_key_of_another_stage_is_refused(api: StripeApi) -> None:
    """An account that takes the live key takes no other, as in life."""
    api.accept("live")
    with pytest.raises(stripe.AuthenticationError) as refused:
        charge(api, KEYS["test"])
    assert refused.value.http_status == 401
    assert api.refusals == ["test"]
    assert api.charges == []


def test_an_unknown_key_is_refused(api: StripeApi) -> None:
    """A key of the right form is not enough, as it is for localstripe."""
    with pytest.raises(stripe.AuthenticationError):
        charge(api, "sk_live_looks_right_but_is_not")
    assert api.refusals == [UNKNOWN]


def test_a_refusal_does_not_repeat_the_key(api: StripeApi) -> None:
    """Stripe's message shows a key's ends only."""
    api.accept("live")
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key provided") as refused:
        charge(api, KEYS["test"])
    assert KEYS["test"] not in str(refused.value)


def test_a_second_api_remembers_nothing_of_the_first() -> None:
    """State is thrown away, so runs cannot see each other's payments."""
    with StripeApi(KEYS) as first:
        made = charge(first, KEYS["test"])
    with StripeApi(KEYS) as second, pytest.raises(stripe.InvalidRequestError):
        client(second, KEYS["test"]).v1.payment_intents.retrieve(made.id)


def test_stripe_api_writes_nothing_to_disk(api: StripeApi) -> None:
    """The file that localstripe keeps in /tmp is left alone."""
    pickle = Path("/tmp/localstripe.pickle")  # noqa: S108 - the path localstripe would write to
    before = pickle.stat().st_mtime_ns if pickle.exists() else None
    charge(api, KEYS["test"])
    assert (pickle.stat().st_mtime_ns if pickle.exists() else None) == before
