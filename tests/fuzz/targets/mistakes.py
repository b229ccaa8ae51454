"""`mistakes.of`: whatever an environment holds, what is said of it is short and can be logged."""

from extension.declared import mistakes
from extension.declared.declarations import MARK
from tests.fuzz.target import Target

_LONGEST = 2000  # characters: the texts around two shown values


def attempt(data: bytes) -> None:
    """Look for mistakes in an environment of one variable a line."""
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    pairs = (line.partition("=") for line in lines if "\0" not in line)
    environ = {name[:100]: value for name, _, value in pairs if name}
    for sentence in mistakes.of(environ):
        assert len(sentence) < _LONGEST
    for name, value in environ.items():
        rest = value.removeprefix(MARK)
        bare = rest.strip().strip("\"'`\ufeff\u200b").strip()
        if value == MARK + bare and "{" not in value:
            assert not [each for each in mistakes.of({name: value}) if "no reference" in each]


TARGET = Target(
    "mistakes",
    attempt,
    [
        *("A=", "WARMKEY_TTL=", "STAGE=", MARK, MARK.upper(), " ", "'", '"', "`", "${", "}"),
        *("{{resolve:", "/key", "\n", "=", "\t", "\ufeff", "\u200b"),
    ],
)
