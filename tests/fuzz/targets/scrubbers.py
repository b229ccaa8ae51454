"""`Scrubber`: no text holds a secret that is known, and what is none stays as it is."""

from extension.http.scrubber import SHORTEST, Scrubber, one_line
from tests.fuzz.target import Target


def attempt(data: bytes) -> None:
    """Take the lines before the last out of the last, each a secret."""
    *lines, last = data.split(b"\n")
    text = last.decode("utf-8", "replace")
    secrets = [line.decode("utf-8", "replace") for line in lines[:8]]
    cleaned = Scrubber(lambda: secrets).clean(text)
    assert len(cleaned) <= len(text)
    for secret in secrets:
        if len(secret.strip()) >= SHORTEST:
            assert secret not in cleaned, "a secret is left"
    if all(len(secret.strip()) < SHORTEST for secret in secrets):
        assert cleaned == text
    line = one_line(cleaned, 100)
    assert len(line) <= 100
    assert line.isprintable()


TARGET = Target(
    "scrubbers",
    attempt,
    ["canary-1", "canary-12", "%2F", "\\u00e9", "***", "…", "'", '"', "Y2FuYXJ5LTE", "\n"],
    longest=4096,
)
