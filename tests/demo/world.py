"""What is around the function: AWS and Stripe on loopback, and the run's two keys."""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.fakes.moto_aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, MotoAws
from tests.fakes.stripe_api import StripeApi

PARAMETER = "/stripeSecretKey/{}"
"""The name of a key's parameter, from the name of the key."""

_SESSION_TOKEN = "warmkey-tests-session-token"  # opens the layer's endpoint, too
_PRICES = {"/notes/prices": json.dumps([{"upTo": 10, "cents": 400}, {"upTo": 100, "cents": 200}])}


@dataclass(frozen=True, slots=True)
class World:
    """SSM with the keys in it, and the Stripe they open.

    Attributes:
        aws: SSM and KMS.
        stripe: Stripe, which knows the keys.
        keys: Each key by its name, `live` and `test`; made up anew for each run.
    """

    aws: MotoAws
    stripe: StripeApi
    keys: Mapping[str, str] = field(repr=False)

    def environment(self) -> dict[str, str]:
        """The variables that let a function find AWS and Stripe here, and be itself here."""
        return {
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_SESSION_TOKEN": _SESSION_TOKEN,
            "AWS_ENDPOINT_URL": self.aws.url,
            "STRIPE_API_BASE": self.stripe.url,
            "WARMKEY_UPSTREAM_TIMEOUT_MILLIS": "60000",  # moto may be slow; calls are counted
        }

    def leaks(self, text: str) -> bool:
        """Say whether a text holds one of the keys."""
        return any(key in text for key in self.keys.values())


@contextmanager
def running() -> Iterator[World]:
    """Start AWS and Stripe and puts the keys into SSM, encrypted under a KMS key."""
    keys = {name: f"sk_{name}_{secrets.token_hex(16)}" for name in ("live", "test")}
    with MotoAws() as aws, StripeApi(keys) as stripe:
        aws.put_secure(_PRICES | {PARAMETER.format(name): key for name, key in keys.items()})
        yield World(aws, stripe, keys)
