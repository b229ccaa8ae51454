"""The kinds of failures, as clients see them, by whether they may pass."""

PERMANENT = ("missing", "denied", "refused")
TRANSIENT = (
    "throttled",
    "expired",
    "broken",
    "unreachable",
    "untrusted",
    "unauthenticated",
    "timeout",
)
