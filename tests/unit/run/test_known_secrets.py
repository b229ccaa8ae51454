"""The secrets that a process knows: those that are replaced have a limit."""

from extension.http.failure import Failed, Kind
from extension.run.known_secrets import ReplacedValues
from extension.sources.responses.outcome import Found, Listing


def found(value: str | bytes) -> Found:
    """A value upstream."""
    return Found("/a", value, "1", "String", "", 0.0)


def test_replaced_values_are_known_for_a_while() -> None:
    """Those of a path, too; a failure has none."""
    replaced = ReplacedValues()
    replaced.add(found("canary-1"))
    replaced.add(Listing("/p", {"a": found("canary-2"), "b": found(b"canary-3")}))
    replaced.add(Failed(Kind.MISSING, "canary-4"))
    assert list(replaced) == ["canary-1", "canary-2", b"canary-3"]


def test_replaced_values_are_bounded_in_number() -> None:
    """The oldest goes first."""
    replaced = ReplacedValues()
    for number in range(100):
        replaced.add(found(f"canary-{number}"))
    assert list(replaced) == [f"canary-{number}" for number in range(36, 100)]


def test_replaced_values_are_bounded_in_bytes() -> None:
    """However much upstream sends."""
    replaced = ReplacedValues()
    for number in range(40):
        replaced.add(found(f"{number:02}" + "x" * 65534))
    assert [value[:2] for value in replaced] == [f"{number}" for number in range(24, 40)]
    replaced.add(found("x" * (2 << 20)))
    assert list(replaced) == []
    replaced.add(found("canary"))
    assert list(replaced) == ["canary"]
