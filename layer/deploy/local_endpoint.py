"""The endpoint on this machine, for as long as it takes to read what is declared.

It is `warmkey serve`, so references, stages, fields, fallbacks and errors are those of a function.
"""

import http.client
import json
import secrets
import socket
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import NoCredentialsError

from ..extension.endpoint.requests.access import TOKEN_HEADER
from ..extension.endpoint.requests.routes import SECRETS
from .account import Account
from .output.failure import Failure

_TIMEOUT = 60.0  # seconds; the endpoint gives up earlier


class LocalEndpoint:
    """An endpoint that serves on a Unix socket.

    Args:
        path: The socket.
        token: What it asks for.
    """

    def __init__(self, path: Path, token: str) -> None:
        self._path = path
        self._token = token

    def all(self) -> dict[str, str]:
        """Every declared secret, by alias; binary ones in base64.

        Raises:
            Failure: One is not to be had.
        """
        status, _, body = self._get(SECRETS)
        found: dict[str, str] = json.loads(body)
        if status == http.client.OK:
            return found
        raise Failure(found.get("detail", f"status {status}"), found.get("hint", ""))

    def is_binary(self, alias: str) -> bool:
        """Whether a secret is binary."""
        _, content_type, _ = self._get(f"{SECRETS}/{urllib.parse.quote(alias)}")
        return content_type == "application/octet-stream"

    def _get(self, target: str) -> tuple[int, str, bytes]:
        connection = _UnixConnection(self._path)
        try:
            connection.request("GET", target, headers={TOKEN_HEADER: self._token})
            response = connection.getresponse()
            return response.status, response.getheader("Content-Type", ""), response.read()
        finally:
            connection.close()


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_TIMEOUT)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@contextmanager
def serve(account: Account, environ: Mapping[str, str]) -> Iterator[LocalEndpoint]:
    """Serve what some variables declare, with an account's credentials.

    Raises:
        Failure: The declarations or the settings are wrong.
        botocore.exceptions.NoCredentialsError: There are no credentials.
    """
    token = secrets.token_urlsafe(32)
    with tempfile.TemporaryDirectory(prefix="warmkey-") as folder:
        path = Path(folder, "socket")
        own = {"WARMKEY_SOCKET": str(path), "WARMKEY_TOKEN": token, **_credentials(account)}
        process = subprocess.Popen(  # noqa: S603 (this very command)
            [sys.executable, "-m", __package__, "serve"],
            env={**environ, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            _wait_until_ready(process)
            yield LocalEndpoint(path, token)
        finally:
            process.kill()  # nobody else reads from it
            process.communicate()


def _credentials(account: Account) -> dict[str, str]:
    """An account's credentials and region, as variables."""
    found = account.session.get_credentials()
    if found is None:
        raise NoCredentialsError
    frozen = found.get_frozen_credentials()
    return {
        "AWS_ACCESS_KEY_ID": frozen.access_key or "",
        "AWS_SECRET_ACCESS_KEY": frozen.secret_key or "",
        "AWS_SESSION_TOKEN": frozen.token or "",
        "AWS_REGION": account.region,
    }


def _wait_until_ready(process: "subprocess.Popen[str]") -> None:
    """Wait until it says so in its log.

    Raises:
        Failure: It ends instead; its last words are the reason.
    """
    said: list[dict[str, Any]] = []
    for line in process.stdout or ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("message") == "ready":
            return
        said.append(entry)
    reasons = [entry["message"] for entry in said if entry.get("level") in ("ERROR", "CRITICAL")]
    raise Failure("; ".join(reasons) or "`warmkey serve` ended without a word", "")
