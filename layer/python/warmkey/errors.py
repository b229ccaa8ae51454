"""What can go wrong with a read. A message says what to do about it, and never holds a value."""


class WarmkeyError(Exception):
    """A secret could not be read.

    Attributes:
        status: The endpoint's HTTP status, or None where it gave none.
    """

    status: int | None = None


class SecretNotFound(WarmkeyError):
    """Nothing is declared by this alias, or it does not exist upstream (404)."""


class AccessRefused(WarmkeyError):
    """The endpoint did not accept this process's token (403)."""


class UpstreamError(WarmkeyError):
    """AWS refused, broke or was too slow, or the endpoint is shedding load (502, 503, 504)."""


class EndpointUnavailable(WarmkeyError):
    """Nothing answers on the endpoint's port, or nothing that speaks as Warmkey does."""


class SecretFormatError(WarmkeyError):
    """The value is of another kind than the one asked for: it is binary, or not JSON."""
