"""The secrets that a process knows: those held, and those replaced, which have a limit."""

from extension.cache.cache import Cache
from extension.declared.declarations import Declarations
from extension.declared.reference import Reference
from extension.http.failure import Failed, Kind
from extension.run.known_secrets import HeldValues, ReplacedValues
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found, Listing


def found(value: str | bytes) -> Found:
    """A value upstream."""
    return Found("/a", value, "1", "String", "", 0.0)


def test_held_values_are_those_of_the_moment_and_their_declared_fields() -> None:
    """Whatever was looked up of a value before: another value has other fields."""
    cache = Cache(lambda _source: 60, 0, 0)
    source = Parameter("/a")
    declared = {"KEY": Reference(source, "key"), "NONE": Reference(Parameter("/b"), "key")}
    held = HeldValues(cache, Declarations("", declared))
    assert list(held) == []
    for number in range(3):
        value = f'{{"key": "canary-{number}", "other": 1}}'
        cache.store(source, found(value), now=float(number))
        for _ in range(2):
            assert list(held) == [value, f"canary-{number}"]
    cache.store(source, found("no JSON"), now=4.0)
    assert list(held) == ["no JSON"]


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
