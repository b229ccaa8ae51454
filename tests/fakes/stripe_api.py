"""A Stripe on loopback that knows whose key is whose: localstripe behind a check of keys.

localstripe takes any key that begins with `sk_` and keeps what it was told in `/tmp`. This one
takes only the keys it was given, refuses any other as Stripe does, remembers which key made
which charge, and forgets everything when it stops.

Theory of operation: localstripe's handlers work on one module-level `store`, on one event loop.
The fake gives each instance an aiohttp application of its own (an application is bound to its
first loop for good), which borrows localstripe's routes, and runs it on a thread with its own
loop. `asyncio.run` ends what localstripe left pending, such as webhooks that nobody asked for.
"""

import asyncio
import base64
import binascii
import json
import threading
import warnings
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

from aiohttp import web

with warnings.catch_warnings():
    # localstripe registers plain functions as handlers, which aiohttp deprecates.
    warnings.simplefilter("ignore", DeprecationWarning)
    from localstripe import resources, server

resources.Store.dump_to_disk = lambda _store: None  # its path, in /tmp, cannot be chosen

UNKNOWN = "unknown"
"""The name under which a key that nobody introduced is recorded."""

_PAYMENTS = "/v1/payment_intents"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge that was made.

    Attributes:
        id: Stripe's id of it, `ch_…`.
        key: The name of the key that made it, never the key.
    """

    id: str
    key: str


class StripeApi:
    """Stripe's API on 127.0.0.1 and a free port, for `with`.

    Attributes:
        charges: The charges made, in order.
        refusals: The names of the keys that were refused, in order.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        """Knows the keys of an account.

        Args:
            keys: Each key by its name, e.g. `{"live": "sk_live_…", "test": "sk_test_…"}`.
        """
        self.charges: list[Charge] = []
        self.refusals: list[str] = []
        self._names = {key: name for name, key in keys.items()}
        self._accepted = frozenset(keys)
        self._port: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, name="stripe-api", daemon=True)

    def __repr__(self) -> str:
        return f"StripeApi(charges={len(self.charges)}, refusals={len(self.refusals)})"

    @property
    def url(self) -> str:
        """The base address to give the SDK instead of `https://api.stripe.com`."""
        return f"http://127.0.0.1:{self._port.result()}"

    def accept(self, *names: str) -> None:
        """Take these keys only, as the account of one stage does, from the next request on."""
        self._accepted = frozenset(names)

    def __enter__(self) -> Self:
        resources.store.clear()
        self._thread.start()
        self._port.result()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._port.done():
                raise
            self._port.set_exception(error)  # raised where somebody waits for the port

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self._port.set_result(runner.addresses[0][1])
            await self._stopped.wait()
        finally:
            await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._check_key, server.error_middleware])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            create = server.api_create(_PaymentIntent, _PAYMENTS)
            application.router.add_route("POST", _PAYMENTS, create)
            for route in server.app.router.routes():
                application.router.add_route(route.method, route.resource.canonical, route.handler)
        return application

    @web.middleware
    async def _check_key(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        key = _api_key(request)
        name = self._names.get(key, UNKNOWN)
        if name not in self._accepted:
            self.refusals.append(name)
            return _refusal(key)
        response = await handler(request)
        self._record(response, name)
        return response

    def _record(self, response: web.StreamResponse, key: str) -> None:
        made = _charge_id(response)
        if made and all(made != charge.id for charge in self.charges):
            self.charges.append(Charge(made, key))


class _PaymentIntent(resources.PaymentIntent):  # type: ignore[misc]
    """A payment by the API of today, 2026-10-28, where a parameter's name has changed."""

    @classmethod
    def _api_create(cls, allowed_payment_method_types: object = None, **data: object) -> Any:
        return super()._api_create(payment_method_types=allowed_payment_method_types, **data)


def _charge_id(response: web.StreamResponse) -> str | None:
    """The id of the charge in an answer about a payment; localstripe always expands it."""
    if not isinstance(response, web.Response) or response.status != HTTPStatus.OK:
        return None
    charge = json.loads(response.text or "{}").get("latest_charge")
    return charge["id"] if charge else None


def _api_key(request: web.Request) -> str:
    """The key of a request: a bearer token, or the user name of basic authentication."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Basic":
        return credentials
    try:
        return base64.b64decode(credentials).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _refusal(key: str) -> web.Response:
    """Stripe's answer to a key that it does not take (https://docs.stripe.com/api/errors)."""
    shown = f"{key[:8]}{'*' * 10}{key[-4:]}" if len(key) > 20 else "*" * len(key)
    message = f"Invalid API Key provided: {shown}" if key else "You did not provide an API key."
    error = {"type": "invalid_request_error", "message": message}
    return web.json_response({"error": error}, status=HTTPStatus.UNAUTHORIZED)
