"""The exec wrapper: starts a program with secrets in its environment in place of references.

`AWS_LAMBDA_EXEC_WRAPPER=/opt/warmkey-exec` makes Lambda start the runtime through it. It reads the
secrets from the endpoint of the extension, or of a sidecar, which answers once the prefetch is
done, and becomes the program. If a secret is unavailable it exits with the reason: a program that
got a reference in its place would fail later, and less clearly.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
"""

from __future__ import annotations

import os
import time
from collections.abc import Container, Mapping, Sequence

from ...declared import settings
from ...declared.declarations import MARK, DeclarationError
from ...declared.environment import process
from ...declared.environment.variables import SettingError
from ...declared.files import text_file, token_file
from ...declared.stages import StageError
from ...endpoint.requests.access import TOKEN_HEADER
from ...endpoint.requests.routes import SECRETS
from ...endpoint.server import unix_socket
from ...http import json_text, percent
from ...http.address import Address
from ...http.client.connection import Connection
from ...http.failure import UpstreamError
from ...http.messages import Request, Response
from ...http.scrubber import Scrubber
from ..start import start
from . import programs
from .environment import UnusableEnvironment, fill

NEXT = "WARMKEY_NEXT_WRAPPER"
_TIMEOUT = 30.0  # seconds; the endpoint gives up earlier
_FAILED = 1  # the exit code
_MISSING = "urn:warmkey:problem:upstream-missing"


class _EndpointError(Exception):
    """The endpoint gives no secrets; the message says why."""


class _Endpoint:
    """The endpoint, over one connection.

    Args:
        environ: the environment, for its port and token.
    """

    __slots__ = ("_connection", "_deadline", "_headers", "_socket")

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._socket = process.read(environ).socket
        server = Address("127.0.0.1", settings.port(environ))
        # In UTF-8, as the endpoint takes it.
        token = _token(environ).encode("utf-8", "surrogateescape").decode("latin-1")
        self._headers = (("Host", server.authority), (TOKEN_HEADER, token))
        self._connection = Connection(server)
        self._deadline = time.monotonic() + _TIMEOUT

    def secrets(self) -> Mapping[str, str]:
        """Every secret, by alias; binary ones in base64."""
        body: dict[str, str] = _decoded(_ok(self._get(SECRETS)))
        return body

    def is_binary(self, alias: str) -> bool:
        """Whether a secret is binary."""
        content_type = _ok(self._read(alias)).fields.get("content-type")
        return content_type == "application/octet-stream"

    def is_missing(self, alias: str) -> bool:
        """Whether a secret is declared there, and does not exist."""
        response = self._read(alias)
        return response.status == 404 and _decoded(response).get("type") == _MISSING

    def _read(self, alias: str) -> Response:
        path = percent.encode(alias.encode("utf-8", "surrogateescape"))
        return self._get(f"{SECRETS}/{path}")

    def _get(self, target: str) -> Response:
        try:
            if self._socket:
                self._connection.close()
                self._connection.resume_from(unix_socket.connect(self._socket).detach(), owes=False)
            self._connection.send(Request("GET", target, self._headers), self._deadline)
            return self._connection.receive(self._deadline)
        except (UpstreamError, OSError) as error:
            place = f" on {self._socket}" if self._socket else ""
            name = "WARMKEY_SOCKET" if self._socket else "WARMKEY_PORT"
            reason = error.strerror if isinstance(error, OSError) else error
            raise _EndpointError(
                f"the endpoint does not answer{place}: {reason}. Is the layer attached, or "
                f"`warmkey serve` running, and is {name} the same for both?"
            ) from error


def _ok(response: Response) -> Response:
    if response.status == 200:
        return response
    problem = _decoded(response)
    hint = f" ({problem['hint']})" if problem.get("hint") else ""
    raise _EndpointError(f"{problem.get('detail', f'status {response.status}')}{hint}")


class _Declared:
    """The aliases that were declared themselves, rather than found below a path; read when asked.

    Where the declarations are not here, as beside a sidecar that has them, each counts as found.

    Args:
        environ: the environment.
    """

    __slots__ = ("_aliases", "_environ")

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._aliases: Container[str] | None = None

    def __contains__(self, alias: object) -> bool:
        if self._aliases is None:
            try:
                self._aliases = start.declarations(self._environ).references
            except (DeclarationError, StageError):
                self._aliases = ()
        return alias in self._aliases


def run(environ: Mapping[str, str], command: Sequence[str]) -> int:
    """Become the program.

    Args:
        environ: the process's environment.
        command: the program and its arguments.

    Returns:
        The exit code, if the program can't be started; the reason is on standard error.
    """
    # What steers Warmkey is read before anything is filled in.
    wrappers = [each for each in environ.get(NEXT, "").split(":") if each]
    known = settings.secrets_in(environ)
    clean = Scrubber(lambda: known).clean
    try:
        if environ.get(NEXT, "").startswith(MARK):
            raise SettingError(
                f"{NEXT} is {environ[NEXT]!r}; it must be programs' paths, no reference"
            )
        path_names = settings.path_names(environ)
        endpoint = _Endpoint(environ)
        is_declared = _Declared(environ).__contains__
        secrets = endpoint.secrets()
        known += secrets.values()
        filled = fill(
            environ,
            secrets,
            endpoint.is_binary,
            is_declared,
            endpoint.is_missing,
            path_names=path_names,
        )
    except (_EndpointError, SettingError, UnusableEnvironment) as error:
        _print_error(clean(str(error)))
        return _FAILED
    for sentence in filled.left_out:
        _print_error(clean(sentence))
    filled.environ.pop(NEXT, None)
    refused = programs.become([*wrappers, *command], filled.environ, len(wrappers))
    _print_error(clean(refused.reason))
    return refused.exit_code


def _token(environ: Mapping[str, str]) -> str:
    """The token configured for this purpose, else the one that Lambda gives to both sides."""
    if token := environ.get("WARMKEY_TOKEN", "").strip():
        return token
    if path := environ.get("WARMKEY_TOKEN_FILE"):
        return _token_in(path)
    given = (environ.get(name, "").strip() for name in settings.TOKENS)
    return next(filter(None, given), "")


def _token_in(path: str) -> str:
    try:
        return token_file.read(path)
    except (OSError, UnicodeDecodeError) as error:
        reason = text_file.why_unreadable(error)
        problem = f"WARMKEY_TOKEN_FILE names {path}, which can't be read: {reason}"
        raise _EndpointError(problem) from None


def _decoded(response: Response) -> dict[str, str]:
    try:
        body = json_text.decode(response.body.decode())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _EndpointError(
            "what answers on the endpoint's port is not Warmkey; is WARMKEY_PORT the same for both?"
        )
    return body


def _print_error(message: str) -> None:
    """Say something on standard error; what upstream may have said moves no terminal's cursor."""
    text = "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in message
    )
    os.write(2, f"warmkey: {text}\n".encode())
