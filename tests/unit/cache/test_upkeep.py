"""What a sidecar's timer has to fetch, by what the cache holds."""

from extension.cache.cache import Cache
from extension.http.failure import Failed, Kind
from extension.sources.parameter import Parameter
from tests.fakes.supplied import value

A, B, C = Parameter("/a"), Parameter("/b"), Parameter("/c")
T = 1_700_000_000.0
GONE, SLOW = Failed(Kind.MISSING, "it is gone"), Failed(Kind.TIMEOUT, "no answer")


def holding(ttl: int = 300) -> Cache:
    """A cache for A and B, which are declared, that holds A and C."""
    cache = Cache(lambda _: ttl, 3600, 5, pinned=[A, B])
    for source in (A, C):
        cache.store(source, value("one"), T)
    return cache


def test_declared_entry_never_fetched_is_missing() -> None:
    """Until it comes."""
    cache = holding()
    assert cache.missing() == [B]
    cache.store(B, value("one"), T)
    assert cache.missing() == []


def test_refused_entry_is_missing() -> None:
    """Though it was held, and however long the refusal is remembered."""
    cache = holding()
    cache.store(A, GONE, T)
    assert cache.missing() == [A, B]


def test_transient_failure_is_missing_only_without_an_earlier_value() -> None:
    """The last good value is held, and is due for its next refresh anyway."""
    cache = holding()
    for source in (A, B):
        cache.store(source, SLOW, T + 299)
    assert cache.missing() == [B]
    assert cache.due(T + 299) == [A]


def test_undeclared_entry_is_neither_missing_nor_due() -> None:
    """Whoever reads it next has it fetched."""
    cache = holding()
    cache.store(C, GONE, T)
    assert C not in (*cache.missing(), *cache.due(T + 299))


def test_ttl_of_zero_makes_no_entry_due() -> None:
    """Each read goes upstream by itself, and a timer would do so without end."""
    assert holding(ttl=0).due(T + 1) == []


def test_declared_entry_is_due_from_80_percent_of_its_ttl_on() -> None:
    """For as long as nobody fetches it."""
    cache = holding()
    assert cache.due(T + 239) == []
    assert cache.due(T + 240) == cache.due(T + 10_000) == [A]


def test_refused_entry_is_not_due() -> None:
    """It is missing, and its readers ask for it."""
    cache = holding()
    cache.store(A, GONE, T)
    assert cache.due(T + 10_000) == []
