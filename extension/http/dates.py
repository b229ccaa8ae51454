"""Dates in HTTP's own format (RFC 9110 §5.6.7), whatever the locale says.

`email.utils` brings a dozen modules along, which would be 2 % of the layer's zip.
"""

from __future__ import annotations

from datetime import datetime, timezone

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def http_date(seconds: float) -> str:
    """A moment as `Sun, 06 Nov 1994 08:49:37 GMT`.

    Args:
        seconds: since the epoch.
    """
    at = datetime.fromtimestamp(seconds, timezone.utc)
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    return f"{day}, {at.day:02} {month} {at.year} {at.hour:02}:{at.minute:02}:{at.second:02} GMT"


def read_http_date(text: str) -> float | None:
    """The moment of a date in that format, in seconds since the epoch; None for anything else."""
    match text.split(" "):
        case [_, day, month, year, time, "GMT"] if month in _MONTHS:
            number = _MONTHS.index(month) + 1
            try:
                at = datetime.fromisoformat(f"{year}-{number:02}-{day}T{time}+00:00")
            except ValueError:
                return None
            return at.timestamp()
    return None
