"""Node.js's example, beyond what every language's does: its answers, and the key of each stage."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.http_service import HttpService, Response
from tests.fakes.stripe_api import StripeApi
from tests.languages.node import NODE
from tests.languages.skipping import skipped_where_unavailable
from tests.patience import PATIENT
from tests.rapid.function import Function
from tests.rapid.ports import ReservedPort

Run = Callable[..., Function]

pytestmark = pytest.mark.usefixtures("namespaces_granted")


@pytest.fixture
def stripe(aws: FakeAws) -> Iterator[StripeApi]:
    """A Stripe that knows the two keys in SSM."""
    keys = {name: f"sk_{name}_{secrets.token_hex(16)}" for name in ("live", "test")}
    for name, key in keys.items():
        aws.parameters.put(f"/stripeSecretKey/{name}", key)
    aws.parameters.put("/notes/prices", json.dumps([{"upTo": 100, "cents": 400}]))
    with StripeApi(keys) as running:
        yield running


@pytest.fixture
def run(aws: FakeAws, layer: Path, stripe: StripeApi) -> Iterator[Run]:
    """Starts the example with the layer."""
    with skipped_where_unavailable():
        built = NODE.example()
    with ExitStack() as stack:

        def start(**variables: str) -> Function:
            port = stack.enter_context(ReservedPort())
            environment = {
                **aws.environment(),
                **PATIENT,
                "WARMKEY_PORT": str(port.number),
                "STRIPE_API_BASE": stripe.url,
                **variables,
            }
            function = Function(
                package=built.package,
                layer=layer,
                environment=environment,
                bootstrap=built.bootstrap,
            )
            return stack.enter_context(function)

        yield start


@pytest.mark.parametrize(("stage", "key"), [("prod", "live"), ("dev", "test"), ("x", "test")])
def test_a_card_is_charged_in_each_stage_with_its_key(
    run: Run, stripe: StripeApi, stage: str, key: str
) -> None:
    """A stage without a row of its own is as `dev`; the answer is what API Gateway expects."""
    answer = run(STAGE=stage).invoke(NODE.event("order-1")).payload

    assert [charge.key for charge in stripe.charges] == [key]
    assert answer == {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(
            {"stage": stage, "charge": stripe.charges[0].id, "status": "succeeded"},
            separators=(",", ":"),
        ),
    }


def test_a_read_after_a_freeze_gets_the_value(run: Run, stripe: StripeApi) -> None:
    """On the connection that was kept, as nothing is kept in memory with a time to live of 0."""
    function = run(STAGE="prod", WARMKEY_TTL="0")
    function.invoke(NODE.event("order-1"))

    function.freeze()
    function.thaw()

    answer = function.invoke(NODE.event("order-2"))
    assert NODE.charge(answer.payload) == stripe.charges[1].id, function.log


def test_a_declined_card_is_an_answer_and_no_failure(run: Run) -> None:
    """With Stripe's reason."""
    declined = {"type": "card_error", "code": "card_declined", "message": "It was declined."}
    body = json.dumps({"error": declined}).encode()
    with HttpService(lambda _: Response(402, body)) as strict:
        function = run(STAGE="prod", STRIPE_API_BASE=strict.url)
        answer = function.invoke(NODE.event("order-1")).payload

    assert answer["statusCode"] == 402, function.log
    assert json.loads(answer["body"]) == {"stage": "prod", "error": "It was declined."}
