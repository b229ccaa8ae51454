"""Secrets that are warm before the handler is: the thin client of the Warmkey Lambda layer.

    import warmkey

    stripe.api_key = warmkey.get("STRIPE_SECRET_KEY")

The layer's extension fetched and decrypted the secret while this process was starting; the client
reads it from localhost and keeps it in memory for as long as the extension allows. Safe to call at
module level, from many threads and after a fork. `warmkey.get` and its siblings are the methods of
one `Client` with this process's environment.
"""

import atexit
import os

from .client import Client
from .errors import (
    AccessRefused,
    EndpointUnavailable,
    SecretFormatError,
    SecretNotFound,
    UpstreamError,
    WarmkeyError,
)

__all__ = [
    "AccessRefused",
    "Client",
    "EndpointUnavailable",
    "SecretFormatError",
    "SecretNotFound",
    "UpstreamError",
    "WarmkeyError",
    "get",
    "get_all",
    "get_bytes",
    "get_json",
]

_client = Client(os.environ)
atexit.register(_client.close)

get = _client.get
get_json = _client.get_json
get_bytes = _client.get_bytes
get_all = _client.get_all
