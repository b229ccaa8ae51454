"""A notes app's billing: charges a card with Stripe, with the key of the stage it runs in."""

import json
import os
from http import HTTPStatus
from typing import Any

import stripe
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

import warmkey

logger = Logger(service="notes")

# While the environment starts, at module level: the key is there before this line is.
payments = stripe.StripeClient(
    warmkey.get("stripeSecretKey"),
    base_addresses={"api": os.environ.get("STRIPE_API_BASE", stripe.DEFAULT_API_BASE)},
).v1.payment_intents


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answers `POST /billing` with body `{"order": "an id", "notes": 10}`."""
    order = json.loads(event["body"])
    try:
        charge = charge_card(order["order"], price(order["notes"]))
    except stripe.CardError as declined:
        logger.warning("Card declined", extra={"order": order["order"], "code": declined.code})
        return answer(HTTPStatus.PAYMENT_REQUIRED, {"error": declined.user_message})
    logger.info("Card charged", extra={"order": order["order"], "charge": charge.id})
    return answer(HTTPStatus.OK, {"charge": charge.id, "status": charge.status})


def charge_card(order: str, cents: int) -> stripe.Charge:
    """Charges an order once, however often it is sent."""
    payment = payments.create(
        {
            "amount": cents,
            "currency": "usd",
            "payment_method": "pm_card_visa",  # Stripe's test card; yours comes from your page
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "expand": ["latest_charge"],
        },
        # At every invocation, in the handler: a key that is rotated needs no new cold start.
        {"api_key": warmkey.get("stripeSecretKey"), "idempotency_key": order},
    )
    charge: stripe.Charge = payment["latest_charge"]
    return charge


def price(notes: int) -> int:
    """What keeping so many notes costs, in cents, by the price list in Parameter Store."""
    tiers: list[dict[str, int]] = warmkey.get_json("prices")
    return notes * next(tier["cents"] for tier in tiers if notes <= tier["upTo"])


def answer(status: HTTPStatus, body: dict[str, Any]) -> dict[str, Any]:
    """Builds what API Gateway expects of a function."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"stage": os.environ.get("STAGE"), **body}),
    }
