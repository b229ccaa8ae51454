"""Quantities as text: as many digits as a reader can use, and real minus signs."""

from collections.abc import Callable

_MINUS = "\N{MINUS SIGN}"
_TIMES = "\N{MULTIPLICATION SIGN}"
_TO = "\N{NARROW NO-BREAK SPACE}\N{HORIZONTAL ELLIPSIS}\N{NARROW NO-BREAK SPACE}"
_THOUSANDS = 9_999.5  # from here on in thousands; below, milliseconds are better off without


def number(value: float) -> str:
    """A figure with two or three digits that mean something: `0.26`, `2.6`, `26.4`, `26.4k`."""
    size = abs(value)
    if size >= _THOUSANDS:
        return _signed(f"{value / 1000:,.{1 if size < 99_950 else 0}f}k")
    decimals = 0 if size >= 99.95 or value == 0 else 1 if size >= 0.995 else 2
    return _signed(f"{value:,.{decimals}f}")


def tenths(value: float) -> str:
    """A figure among others of one kind, all with as many decimals, e.g. times on one scale."""
    return _signed(f"{value:,.1f}")


def tick(value: float) -> str:
    """A round figure, as of an axis or a budget, with no more digits than it has."""
    if abs(value) >= _THOUSANDS:
        return _signed(f"{value / 1000:,.10g}k")
    return _signed(f"{value:,.10g}")


def share(value: float) -> str:
    """A ratio: as a figure, but with two digits that say something where it is small."""
    return number(value) if abs(value) >= 0.0995 else _signed(f"{value:.2g}")


def between(ends: tuple[float, float], write: Callable[[float], str] = number) -> str:
    """A range.

    Args:
        ends: Its ends.
        write: What writes each of them.
    """
    return f"{write(ends[0])}{_TO}{write(ends[1])}"


def as_part(ratio: float, of: str) -> str:
    """A ratio in words: `1/22 of boto3`, `72 % of boto3` or, above that, how many times."""
    if ratio < 0.01:
        return f"less than 1 % of {of}"
    if ratio <= 1 / 3:
        return f"1/{1 / ratio:.0f} of {of}"
    return f"{100 * ratio:.0f} % of {of}" if ratio < 1.1 else f"{number(ratio)} {_TIMES} {of}"


def _signed(text: str) -> str:
    """With a real minus sign, and none before a zero."""
    return text.replace("-", _MINUS) if text.strip("-0.,k") else text.removeprefix("-")
