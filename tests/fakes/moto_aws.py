"""SSM and KMS on loopback, by moto, with every call counted at the server.

moto is the happy path: it checks no signature, never throttles and knows no selector. What it
says of a caller is true, though: a call is counted where it arrives, by action and by who made
it, which the caller cannot get wrong about itself.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

import boto3
from botocore.config import Config
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REGION = "eu-central-1"
ACCESS_KEY_ID = "AKIAWARMKEYTESTS0000"
SECRET_ACCESS_KEY = "warmkey-tests-secret-access-key"

_OPERATOR = "warmkey-operator"
_SERVICES = {"AmazonSSM": "ssm", "TrentService": "kms", "secretsmanager": "secretsmanager"}

Caller = Literal["extension", "operator", "function"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that reached the server.

    Attributes:
        service: `ssm`, `kms` or `secretsmanager`.
        action: For example `GetParameters`.
        caller: Who made it: the extension, the operator who sets things up, or the function,
            which is anybody else.
    """

    service: str
    action: str
    caller: Caller


class MotoAws:
    """moto on 127.0.0.1 and a free port, empty at first, for `with`.

    Attributes:
        calls: The calls that arrived, in order.
        url: The endpoint for `AWS_ENDPOINT_URL` and the like.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._application = DomainDispatcherApplication(create_backend_app)
        self._server = make_server(
            "127.0.0.1", 0, self._count, threaded=True, request_handler=_QuietHandler
        )
        self._thread = threading.Thread(target=self._serve, name="moto", daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __repr__(self) -> str:
        return f"MotoAws({self.url}, calls={len(self.calls)})"

    def count(self, service: str, caller: Caller) -> int:
        """How many calls to a service arrived from a caller."""
        return sum(call.service == service and call.caller == caller for call in self.calls)

    def client(self, service: Any) -> Any:
        """A boto3 client of the operator, who sets things up. Close it after use."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            config=Config(user_agent_extra=_OPERATOR, proxies={}),
        )

    def put_secure(self, values: Mapping[str, str]) -> str:
        """Put parameters as SecureString under a new KMS key.

        Args:
            values: Each value by its parameter's name, e.g. `/stripeSecretKey/live`.

        Returns:
            The KMS key's id.
        """
        kms, ssm = self.client("kms"), self.client("ssm")
        try:
            key: str = kms.create_key(Description="Warmkey")["KeyMetadata"]["KeyId"]
            for name, value in values.items():
                ssm.put_parameter(Name=name, Value=value, Type="SecureString", KeyId=key)
        finally:
            kms.close()
            ssm.close()
        return key

    def __enter__(self) -> Self:
        moto_api_backend.reset()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def _count(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        call = _call(environ.get("HTTP_X_AMZ_TARGET", ""), environ.get("HTTP_USER_AGENT", ""))
        self.calls.append(call)
        answer: Callable[..., Iterable[bytes]] = self._application
        return answer(environ, start_response)


class _QuietHandler(MotoRequestHandler):
    """Writes no access log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""


def _call(target: str, user_agent: str) -> Call:
    """Tell a call by its headers: `AmazonSSM.GetParameters`, `warmkey/0.1.0`."""
    prefix, _, action = target.partition(".")
    return Call(_SERVICES.get(prefix, prefix), action, _caller(user_agent))


def _caller(user_agent: str) -> Caller:
    if user_agent.startswith("warmkey/"):
        return "extension"
    return "operator" if _OPERATOR in user_agent else "function"
