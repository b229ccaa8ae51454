"""What can go wrong with a read. A message says what to do about it, and never holds a value."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .endpoint import Response


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


_BY_STATUS: dict[int, type[WarmkeyError]] = {
    403: AccessRefused,
    404: SecretNotFound,
    502: UpstreamError,
    503: UpstreamError,
    504: UpstreamError,
}


def refusal(subject: str, response: "Response") -> WarmkeyError:
    """Translate an answer that is no value.

    Args:
        subject: What was asked for; the message begins with it.
        response: The answer, with the reason and the hint in its problem document (RFC 9457).
    """
    problem = _problem(response)
    reason = problem.get("detail") or problem.get("title") or "no reason given; is it Warmkey's?"
    message = f"{subject}: {reason} {problem.get('hint', '')}".rstrip()
    error = _BY_STATUS.get(response.status, WarmkeyError)(f"{message} (status {response.status})")
    error.status = response.status
    return error


def _problem(response: "Response") -> dict[str, str]:
    """The document's members that are text; others are to be ignored (RFC 9457, section 3.1)."""
    if not response.headers.get("content-type", "").startswith("application/problem+json"):
        return {}
    from json import loads  # costs a bare interpreter 5 ms, and few reads need it

    try:
        return {k: v for k, v in loads(response.body).items() if isinstance(v, str)}
    except (ValueError, AttributeError):
        return {}
