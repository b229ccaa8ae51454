"""One layer, no SDK: the same secret in every language, on its real runtime client."""

import itertools
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.stripe_api import StripeApi
from tests.languages.all import LANGUAGES
from tests.languages.language import Built, Language
from tests.languages.skipping import skipped_where_unavailable
from tests.patience import PATIENCE, PATIENT
from tests.rapid.function import Function
from tests.rapid.ports import ReservedPort

AWS_SDK = re.compile(
    r"^(boto|@aws-sdk/|aws-sdk|github\.com/aws/aws-sdk|software\.amazon\.awssdk"
    r"|com\.amazonaws.aws-java-sdk)"
)
KEY = "it's\na canary"

Run = Callable[..., Function]

pytestmark = pytest.mark.usefixtures("namespaces_granted")
every_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.name)


@pytest.fixture
def keys(aws: FakeAws) -> dict[str, str]:
    """Stripe's keys; the live and the test one are in SSM, with what else the examples declare."""
    keys = {name: f"sk_{name}_{secrets.token_hex(16)}" for name in ("live", "test", "rotated")}
    for name in ("live", "test"):
        aws.parameters.put(f"/stripeSecretKey/{name}", keys[name])
    aws.parameters.put("/notes/prices", json.dumps([{"upTo": 100, "cents": 400}]))
    return keys


@pytest.fixture
def stripe(keys: dict[str, str]) -> Iterator[StripeApi]:
    """A Stripe that knows those keys."""
    with StripeApi(keys) as running:
        yield running


@pytest.fixture
def run(aws: FakeAws, layer: Path) -> Iterator[Run]:
    """Starts functions with the layer, in the stage `prod`."""
    with ExitStack() as stack:

        def start(built: Built, *wrapper: str, **variables: str) -> Function:
            port = stack.enter_context(ReservedPort())
            environment = {
                **aws.environment(),
                **PATIENT,
                "STAGE": "prod",
                "WARMKEY_PORT": str(port.number),
                **variables,
            }
            return stack.enter_context(
                Function(
                    package=built.package,
                    layer=layer,
                    environment=environment,
                    bootstrap=[*wrapper, *built.bootstrap],
                )
            )

        yield start


def build(how: Callable[[], Built]) -> Built:
    """Build a function, or skip the test and say what to install."""
    with skipped_where_unavailable():
        return how()


@every_language
def test_a_card_is_charged_with_the_key_of_the_stage(
    language: Language, run: Run, stripe: StripeApi, aws: FakeAws
) -> None:
    """The function has no AWS call to make: the extension made the only one."""
    function = run(build(language.example), STRIPE_API_BASE=stripe.url)
    answer = function.invoke(language.event("order-1"))
    assert language.charge(answer.payload) == stripe.charges[0].id, function.log
    assert [charge.key for charge in stripe.charges] == ["live"]
    assert len(aws.calls) == 1


@every_language
def test_an_alias_that_is_not_declared_stops_the_start_and_is_named(
    language: Language, run: Run, stripe: StripeApi, layer: Path
) -> None:
    """The first read is made when the function starts, before any event is there."""
    (layer / "other.json").write_text('{"secrets": {"mailKey": "/stripeSecretKey/live"}}')
    built = build(language.example)
    function = run(built, STRIPE_API_BASE=stripe.url, WARMKEY_CONFIG="/opt/other.json")
    answer = function.invoke(language.event("order-1"))
    assert answer.status == 502 or "errorType" in answer.payload
    assert function.wait_for_log("stripeSecretKey")
    assert not stripe.charges


@every_language
def test_a_rotated_key_is_used_without_a_new_cold_start(
    language: Language, run: Run, stripe: StripeApi, aws: FakeAws, keys: dict[str, str]
) -> None:
    """Once the time to live is over, the same environment charges with the new key."""
    function = run(build(language.example), STRIPE_API_BASE=stripe.url, WARMKEY_TTL="1")
    function.invoke(language.event("order-0"))
    aws.parameters.put("/stripeSecretKey/live", keys["rotated"])
    stripe.accept("rotated")
    orders, deadline = itertools.count(1), time.monotonic() + PATIENCE
    while stripe.charges[-1].key != "rotated":
        assert time.monotonic() < deadline, function.log
        function.invoke(language.event(f"order-{next(orders)}"))
    assert len(function.init_reports()) == 1


@every_language
def test_an_unchanged_function_gets_its_key_in_the_environment(
    language: Language, run: Run, aws: FakeAws
) -> None:
    """Through the exec wrapper, where there is one for the runtime."""
    aws.parameters.put("/key/live", KEY)
    function = run(build(language.plain), "/opt/warmkey-exec", KEY="warmkey:/key/live")
    assert function.invoke().payload == KEY, function.log


@every_language
def test_no_aws_sdk_is_among_the_dependencies(language: Language) -> None:
    """Not even one that something else brings along."""
    assert not [name for name in language.dependencies() if AWS_SDK.match(name)]
