"""Heads of requests to the endpoint, put together for tests."""

from collections.abc import Mapping
from types import MappingProxyType

TOKEN = "the-token"
TOKEN_HEADER = "X-Aws-Parameters-Secrets-Token"


def head(
    target: str,
    headers: Mapping[str, str | None] = MappingProxyType({}),
    *,
    method: str = "GET",
    version: str = "HTTP/1.1",
) -> bytes:
    """The head of a request that is answered, but for what is said to be different.

    Args:
        target: The request target.
        headers: Headers beside Host and token, or in their place; None leaves one out.
        method: The method.
        version: HTTP's version.
    """
    fields = {"Host": "127.0.0.1:2773", TOKEN_HEADER: TOKEN} | dict(headers)
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join([f"{method} {target} {version}", *lines]).encode("latin-1")
