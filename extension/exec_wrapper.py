"""The exec wrapper: a program gets secrets in its environment, where references stood.

`AWS_LAMBDA_EXEC_WRAPPER=/opt/warmkey-exec` has Lambda start the runtime through it. It reads the
endpoint of the extension, or of a sidecar, which answers once the prefetch is done, and becomes
the program. A secret that can't be had stops it, as a reference in a secret's place would go on to
fail somewhere else.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import errno
import posix
import time

from . import json_text, settings
from .address import Address
from .connection import Connection
from .declarations import MARK
from .http1 import Request
from .representation import is_variable_name
from .routes import SECRETS, TOKEN_HEADER
from .upstream_error import UpstreamError
from .variables import SettingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .http1 import Response

NEXT = "WARMKEY_NEXT_WRAPPER"
_PATIENCE = 30.0  # seconds; the endpoint gives up before
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126  # exit codes, as of a shell


class _WrapperError(Exception):
    """The program can't be started; the message says why, and never shows a value."""


def run(environ: Mapping[str, str], command: Sequence[str]) -> int:
    """Become the program.

    Args:
        environ: the process's environment.
        command: the program and its arguments.

    Returns:
        The exit code, where it can't be done; what was wrong is on standard error.
    """
    try:
        filled = fill(environ, _secrets(environ))
    except (_WrapperError, SettingError) as error:
        _complain(str(error))
        return 1
    wrapper = filled.pop(NEXT, "")
    return _become([wrapper, *command] if wrapper else list(command), filled)


def fill(environ: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
    """Put secrets into an environment.

    A variable that holds a reference gets the secret; an alias that could be a variable becomes
    one, but never over one that is already there.

    Args:
        environ: the environment.
        secrets: the secrets, by alias.

    Raises:
        _WrapperError: a secret can't stand in an environment.
    """
    filled = dict(environ)
    for alias, value in secrets.items():
        is_reference = environ.get(alias, "").startswith(MARK)
        if not is_reference and (alias in environ or not is_variable_name(alias)):
            continue
        if "\0" in value:
            raise _WrapperError(
                f"{alias} holds a NUL, which no variable can; read it through the endpoint"
            )
        filled[alias] = value
    return filled


def _secrets(environ: Mapping[str, str]) -> Mapping[str, str]:
    server = Address("127.0.0.1", settings.port(environ))
    token = next((environ[name] for name in settings.TOKENS if environ.get(name)), "")
    headers = (("Host", server.authority), (TOKEN_HEADER, token))
    connection = Connection(server)
    deadline = time.monotonic() + _PATIENCE
    try:
        connection.send(Request("GET", SECRETS, headers), deadline)
        return _read(connection.receive(deadline))
    except UpstreamError as error:
        raise _WrapperError(
            f"the endpoint does not answer: {error}. Is the layer attached, or `warmkey serve` "
            "running, and is WARMKEY_PORT the same for both?"
        ) from error
    finally:
        connection.close()


def _read(response: Response) -> Mapping[str, str]:
    try:
        answer: dict[str, str] = json_text.decode(response.body.decode())
    except ValueError:
        raise _WrapperError("something else answers on the endpoint's port") from None
    if response.status == 200:
        return answer
    hint = f" ({answer['hint']})" if answer.get("hint") else ""
    raise _WrapperError(f"{answer.get('detail', f'status {response.status}')}{hint}")


def _become(command: Sequence[str], environ: Mapping[str, str]) -> int:
    _signal.signal(_signal.SIGPIPE, _signal.SIG_DFL)  # which an interpreter ignores
    problem = errno.ENOENT
    for path in _candidates(command[0], environ.get("PATH", "")):
        try:
            posix.execve(path, list(command), dict(environ))
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTDIR):
                problem = error.errno or problem
    _complain(f"{command[0]} can't be run: {posix.strerror(problem)}")
    return _NOT_FOUND if problem == errno.ENOENT else _NOT_EXECUTABLE


def _candidates(program: str, path: str) -> list[str]:
    """Where a program may be, as `execvp` looks for it."""
    if "/" in program:
        return [program]
    return [f"{folder or '.'}/{program}" for folder in path.split(":")]


def _complain(message: str) -> None:
    posix.write(2, f"warmkey: {message}\n".encode("utf-8", "backslashreplace"))
