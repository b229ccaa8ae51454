"""`Scrubber`: no text holds a secret that is known, and what is none stays as it is."""

from extension.http.readings import readings
from extension.http.scrubber import LONGEST, SHORTEST, Scrubber, one_line
from tests.fuzz.target import Target


def attempt(data: bytes) -> None:
    """Take the lines before the last out of the last, each a secret."""
    *lines, last = data.split(b"\n")
    text = last.decode("utf-8", "replace")
    secrets = [line.decode("utf-8", "replace") for line in lines[:8]]
    cleaned = Scrubber(lambda: secrets).clean(text)
    assert len(cleaned) <= min(len(text), LONGEST)
    assert cleaned.isprintable()
    read = {reading.text for reading in readings(cleaned)}
    for secret in secrets:
        printed = one_line(secret).strip()
        if len(printed) >= SHORTEST:
            assert not any(printed in each for each in read), "a secret is left"
    if all(len(secret.strip()) < SHORTEST for secret in secrets):
        assert cleaned == one_line(text)


TARGET = Target(
    "scrubbers",
    attempt,
    [
        "canary-1",
        "canary-12",
        "%2F",
        "\\u00e9",
        "***",
        "…",
        "'",
        '"',
        "Y2FuYXJ5LTE",
        "&amp;",
        "\\/",
        "63616e6172792d31",
        " ",
        "\n",
    ],
    longest=4096,
)
