"""Environment variables, read and checked.

A bad variable of Warmkey's own is an error. For a bad one of AWS's Parameters and Secrets extension
there is a warning and the default, because functions that swap the layer must keep working.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from ...http.address import Address, parse_host_port

PREFIX = "WARMKEY_"
AWS_PREFIX = "PARAMETERS_SECRETS_EXTENSION_"
BOOLEANS = MappingProxyType(
    {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
)
"""Those of Go, which AWS's extension is written in (strconv.ParseBool), in lower case."""

_SLIP = "PARAMETERS_AND_SECRETS_EXTENSION_"


class SettingError(ValueError):
    """A setting is bad; the message gives the variable, its value, the range and the remedy."""


class Variables:
    """Reads single variables.

    Args:
        environ: the process's environment.

    Attributes:
        warnings: what is wrong with variables that are not Warmkey's own, a sentence each.
        names: Warmkey's own names that were asked for.
    """

    __slots__ = ("environ", "names", "warnings")

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.names: list[str] = []
        self.warnings: list[str] = []

    def integer(self, own: str, aws_name: str, default: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`; one of AWS's extension may be above `high`."""
        name, text = self._pick(own, aws_name)
        if not text:
            return default
        # More digits than that are a mistake, and would overflow poll's milliseconds.
        digits = text.isascii() and text.isdigit() and len(text) <= max(8, len(str(high)))
        above = name == aws_name and aws_name != AWS_PREFIX + "HTTP_PORT"
        if digits and low <= int(text) and (int(text) <= high or above):
            return int(text)
        self._warn(name, own, text, f"a whole number from {low} to {high}", str(default))
        return default

    def boolean(self, own: str, aws_name: str, *, default: bool) -> bool:
        """`true` or `false`, in any case; of AWS's extension, what Go takes for these, too."""
        name, text = self._pick(own, aws_name)
        word = text.lower()
        if word in ("true", "false") or (word in BOOLEANS and name.startswith(AWS_PREFIX)):
            return BOOLEANS[word]
        self._warn(name, own, text, "true or false", str(default).lower())
        return default

    def choice(self, own: str, aws_name: str, default: str, allowed: tuple[str, ...]) -> str:
        """One of the words allowed, in any case."""
        name, text = self._pick(own, aws_name)
        if text.lower() in allowed:
            return text.lower()
        self._warn(name, own, text, f"one of {', '.join(allowed)}", default)
        return default

    def text(self, own: str, fits: Callable[[str], bool], allowed: str) -> str:
        """A text, without white space around it; empty where there is none."""
        name, text = self._pick(own, "")
        if fits(text):
            return text
        self._warn(name, own, text, allowed, "none")
        return ""

    def ip_address(self, own: str) -> Address | None:
        """An IP address and a port; None where there is none."""
        allowed = "an IP address and a port, such as 0.0.0.0:8080 or [::]:8080"
        text = self.text(own, _is_ip_address, allowed)
        return parse_host_port(text) if text else None

    def warn(self, sentence: str) -> None:
        """Have somebody warned of something, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def _pick(self, own: str, aws_name: str) -> tuple[str, str]:
        if own:
            self.names.append(own)
        name = own if self.environ.get(own, "").strip() else aws_name
        return name, self.environ.get(name, "").strip()

    def _warn(self, name: str, own: str, text: str, allowed: str, default: str) -> None:
        if text and name == own:
            raise SettingError(
                f"{name} is {text!r}; it must be {allowed}. "
                f"Correct it, or remove it to use the default {default}"
            )
        if text:
            self.warn(f"{name} is {text!r}, not {allowed}; using the default {default}")


def unknown(environ: Mapping[str, str], known: tuple[str, ...]) -> tuple[str, ...]:
    """The names that look like settings but are not; a declared alias may look like one.

    Args:
        environ: the process's environment.
        known: Warmkey's own names.
    """
    return tuple(
        name
        for name, value in environ.items()
        if name.startswith((PREFIX, _SLIP))
        and name not in known
        and not value.startswith("warmkey:")
    )


def did_you_mean(name: str, known: tuple[str, ...]) -> str:
    """A warning for an unknown name, with the known one that was probably meant."""
    if name.startswith(_SLIP):
        nearest = AWS_PREFIX + name.removeprefix(_SLIP)
    else:
        nearest = get_close_matches(name, known, n=1, cutoff=0)[0]
    return f"{name} is not a setting; did you mean {nearest}?"


def _is_ip_address(text: str) -> bool:
    """Whether a text is an IP address and a port."""
    try:
        ipaddress.ip_address(parse_host_port(text).host)
    except ValueError:
        return False
    return True
