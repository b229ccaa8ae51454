"""Secrets that are warm before the handler is: the thin client of the Warmkey Lambda layer.

    import warmkey

    stripe.api_key = warmkey.get("STRIPE_SECRET_KEY")

The layer's extension fetched and decrypted the secret while this process was starting; the client
reads it from localhost and keeps it in memory for as long as the extension allows. Safe to call at
module level, from many threads and after a fork. `warmkey.get` and its siblings are the methods of
one `Client` with this process's environment.
"""

import os

from .client import Client as Client
from .errors import AccessRefused as AccessRefused
from .errors import EndpointUnavailable as EndpointUnavailable
from .errors import SecretFormatError as SecretFormatError
from .errors import SecretNotFound as SecretNotFound
from .errors import UpstreamError as UpstreamError
from .errors import WarmkeyError as WarmkeyError

_client = Client(os.environ)

get = _client.get
aget = _client.aget
get_json = _client.get_json
get_bytes = _client.get_bytes
get_all = _client.get_all
