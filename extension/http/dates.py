"""Dates in HTTP's own format (RFC 9110 §5.6.7), whatever the locale says."""

from __future__ import annotations

from email.utils import formatdate, parsedate_to_datetime


def http_date(seconds: float) -> str:
    """A moment as `Sun, 06 Nov 1994 08:49:37 GMT`.

    Args:
        seconds: since the epoch.
    """
    return formatdate(seconds, usegmt=True)


def read_http_date(text: str) -> float | None:
    """The moment of a date in that format, in seconds since the epoch; None for anything else."""
    try:
        seconds = parsedate_to_datetime(text).timestamp()
        return seconds if http_date(seconds) == text else None
    except (ValueError, OverflowError):
        return None
