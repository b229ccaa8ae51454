"""Examples without a client of ours say why they can't go on, and keep secrets to themselves."""

import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import LOOPBACK, HttpService, Request, Response
from tests.languages.go import GO
from tests.languages.java import JAVA
from tests.languages.language import Language
from tests.languages.rust import RUST
from tests.languages.shell import SHELL
from tests.languages.skipping import skipped_where_unavailable
from tests.rapid.function import Function
from tests.rapid.ports import ReservedPort

ALIAS, KEY, TOKEN = "stripeSecretKey", "sk_live_canary", "token-canary"
CHARGED = b'{"id": "pi_1", "latest_charge": {"id": "ch_1", "status": "succeeded"}}'
ORDER = {"order": "order-1", "cents": 400}

Start = Callable[..., Function]

pytestmark = pytest.mark.usefixtures("namespaces_granted")
without_client = pytest.mark.parametrize(
    "language", [JAVA, GO, RUST, SHELL], ids=lambda each: each.name
)


class Stripe:
    """Answers charges with `response`, and keeps the requests."""

    def __init__(self) -> None:
        self.response = Response(200, CHARGED)
        self.requests: list[Request] = []
        self.before_answering: Callable[[], object] = lambda: None
        self.service = HttpService(self._respond)

    def _respond(self, request: Request) -> Response:
        self.requests.append(request)
        self.before_answering()
        return self.response


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    """Warmkey's endpoint, which has the key."""
    with FakeEndpoint(TOKEN) as endpoint:
        endpoint.serve(ALIAS, KEY)
        yield endpoint


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    """A Stripe that makes every charge."""
    stripe = Stripe()
    yield stripe
    stripe.service.close()


@pytest.fixture
def start(endpoint: FakeEndpoint, stripe: Stripe) -> Iterator[Start]:
    """Starts an example without the layer; no secret may stand in what it prints."""
    with ExitStack() as stack:

        def start(language: Language, **variables: str) -> Function:
            with skipped_where_unavailable():
                built = language.example()
            environment = {
                "STRIPE_API_BASE": f"http://{LOOPBACK}:{stripe.service.port}",
                **endpoint.environ,
                **variables,
            }
            function = Function(
                package=built.package, environment=environment, bootstrap=built.bootstrap
            )
            started.append(stack.enter_context(function))
            return function

        started: list[Function] = []
        yield start
    assert not [function for function in started if "canary" in function.log]


@without_client
def test_the_key_that_stripe_gets_is_warmkeys(
    language: Language, start: Start, stripe: Stripe
) -> None:
    """And an order that is sent again is not charged again, by its idempotency key."""
    assert start(language).invoke(ORDER).payload == {"charge": "ch_1", "status": "succeeded"}
    (request,) = stripe.requests
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["Idempotency-Key"] == "order-1"
    form = urllib.parse.parse_qs(request.body.decode())
    assert (form["amount"], form["confirm"]) == (["400"], ["true"])


@without_client
def test_a_start_that_is_refused_says_why_and_what_to_do(
    language: Language, start: Start, endpoint: FakeEndpoint
) -> None:
    """The alias, the reason and the hint stand in the log."""
    endpoint.refuse(ALIAS, 404, detail="nothing is declared by it", hint="declare it")
    function = start(language)
    assert function.invoke(ORDER).status == 502
    assert function.wait_for_log(rf'"{ALIAS}".*: nothing is declared by it \(declare it\)')


@without_client
def test_a_start_without_the_layer_names_it(language: Language, start: Start) -> None:
    """Nobody listens on the endpoint's port."""
    with ReservedPort() as port:
        function = start(language, WARMKEY_PORT=str(port.number))
        assert function.invoke(ORDER).status == 502
    assert function.wait_for_log(rf'"{ALIAS}".*is Warmkey\'s layer attached')


@without_client
def test_the_official_variable_names_the_port_too(
    language: Language, start: Start, endpoint: FakeEndpoint
) -> None:
    """Where Warmkey's own is not set; zeros before it change nothing, for the extension neither."""
    official = {"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": f"{endpoint.port:08}"}
    function = start(language, WARMKEY_PORT="", **official)
    assert function.invoke(ORDER).payload["charge"] == "ch_1"


@without_client
def test_beside_a_sidecar_its_token_is_sent(language: Language, start: Start) -> None:
    """Rather than that of the credentials, which the sidecar need not know."""
    function = start(language, WARMKEY_TOKEN=TOKEN, AWS_SESSION_TOKEN="of-the-credentials")
    assert function.invoke(ORDER).payload["charge"] == "ch_1"


@without_client
def test_a_key_that_is_revoked_later_is_used_no_more(
    language: Language, start: Start, endpoint: FakeEndpoint, stripe: Stripe
) -> None:
    """The invoke fails with the endpoint's reason."""
    function = start(language)
    function.invoke(ORDER)
    endpoint.refuse(ALIAS, 502, detail='access to "it" denied', hint="grant ssm:GetParameter")
    answer = function.invoke(ORDER)
    assert 'access to "it" denied (grant ssm:GetParameter)' in answer.payload["errorMessage"]
    assert len(stripe.requests) == 1


@without_client
def test_a_refusal_of_stripe_fails_the_invoke(
    language: Language, start: Start, stripe: Stripe
) -> None:
    """With Stripe's reason."""
    stripe.response = Response(402, b'{"error": {"message": "Your card was declined."}}')
    answer = start(language).invoke(ORDER)
    assert "Your card was declined." in answer.payload["errorMessage"]


@without_client
def test_an_answer_that_is_not_stripes_is_told_by_its_status(
    language: Language, start: Start, stripe: Stripe
) -> None:
    """Such as that of a proxy on the way there."""
    stripe.response = Response(503, b"<html>later</html>", "text/html")
    assert "503" in start(language).invoke(ORDER).payload["errorMessage"]


@without_client
@pytest.mark.parametrize("event", [{"cents": 400}, {"order": "order-1", "cents": 4.5}])
def test_an_event_of_another_shape_is_refused(
    language: Language, start: Start, stripe: Stripe, event: object
) -> None:
    """Rather than charged by what could be made of it."""
    assert "errorMessage" in start(language).invoke(event).payload
    assert not stripe.requests


def test_shell_tells_lambda_why_it_can_not_start(start: Start, endpoint: FakeEndpoint) -> None:
    """Who invokes the function is shown the type and the message."""
    endpoint.refuse(ALIAS, 404, detail='no "such" alias')
    message = f'secret "{ALIAS}": no "such" alias'
    expected = {"errorType": "Function.NoSecret", "errorMessage": message}
    assert start(SHELL).invoke(ORDER).payload == expected


def test_shell_puts_no_secret_into_a_command_line(
    start: Start, endpoint: FakeEndpoint, stripe: Stripe
) -> None:
    """Everyone may read those of curl while it waits for its answers."""
    seen: list[bytes] = []

    def look() -> None:
        for pid in running.processes():
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended
                seen.append(Path(f"/proc/{pid}/cmdline").read_bytes())

    endpoint.before_answering = stripe.before_answering = look
    running = start(SHELL)
    running.invoke(ORDER)
    for url in (b"/v1/secrets/", b"/v1/payment_intents"):
        assert [line for line in seen if line.startswith(b"curl") and url in line]
    assert not [line for line in seen if b"canary" in line]
