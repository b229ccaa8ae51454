"""Dates in HTTP's own format (RFC 9110 §5.6.7), whatever the locale says.

`email.utils` brings a dozen modules along, which would be 2 % of the layer's zip.
"""

from __future__ import annotations

from datetime import datetime, timezone

# Each in one text, so that a cold start reads the same page of the executable all year round.
_DAYS = "MonTueWedThuFriSatSun"
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def http_date(seconds: float) -> str:
    """A moment as `Sun, 06 Nov 1994 08:49:37 GMT`.

    Args:
        seconds: since the epoch.
    """
    at = datetime.fromtimestamp(seconds, timezone.utc)
    day, month = _DAYS[3 * at.weekday() :][:3], _MONTHS[3 * at.month - 3 :][:3]
    return f"{day}, {at.day:02} {month} {at.year} {at.hour:02}:{at.minute:02}:{at.second:02} GMT"


def read_http_date(text: str) -> float | None:
    """The moment of a date in that format, in seconds since the epoch; None for anything else."""
    match text.split(" "):
        case [_, day, month, year, time, "GMT"] if len(month) == 3 and month in _MONTHS:
            number, between = divmod(_MONTHS.index(month), 3)
            if between:
                return None
            try:
                at = datetime.fromisoformat(f"{year}-{number + 1:02}-{day}T{time}+00:00")
            except ValueError:
                return None
            return at.timestamp()
    return None
