"""The conditions under which extensions start by themselves."""

from dataclasses import dataclass

DELAY = 0.030
"""How long SSM delays what it delays, in seconds."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One set of conditions.

    Attributes:
        name: What samples and tables call it.
        cold: Whether the extension's files are dropped from the page cache before.
        connecting: How long a new connection to SSM waits for its TLS handshake, in seconds.
        answering: How long a call waits for its answer, likewise.
        core_count: How many cores the extension has.
    """

    name: str
    cold: bool = False
    connecting: float = 0.0
    answering: float = 0.0
    core_count: int = 2


WARM = Condition("warm")
COLD = Condition("cold", cold=True)
LATE = Condition("answer after 30 ms", answering=DELAY)
"""A call takes SSM 30 ms; connecting to it takes nothing."""
FAR = Condition("30 ms away", connecting=2 * DELAY, answering=DELAY)
"""Each round trip takes 30 ms: that of TCP, that of TLS 1.3 and that of each call.

The kernel answers TCP's at once, so what it would take is added to that of TLS: for who sends
nothing between, as everyone here, the sum is the same.
"""
ONE_CORE = Condition("one core", core_count=1)

CONDITIONS = (WARM, COLD, LATE, FAR, ONE_CORE)
"""All of them, in the order of the tables."""
