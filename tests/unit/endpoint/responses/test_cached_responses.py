"""Kept answers: the same bytes again, for as long as they would be made again."""

import pytest

from extension.cache.entry import Entry, State
from extension.endpoint.responses.response_cache import ResponseCache
from extension.sources.parameter import Parameter
from tests.fakes.supplied import value

A, B = Parameter("/a"), Parameter("/b")
HEAD, DATA = b"GET /v1/secrets/A HTTP/1.1", b"HTTP/1.1 200 OK"
T = 1_700_000_000.0


def kept(now: float, ttl: int = 300, state: State = State.FRESH) -> ResponseCache:
    """One answer, kept at some moment, of a value fetched at T."""
    answers = ResponseCache()
    answer = Entry(value("one"), state, T, T + ttl)
    answers.keep(HEAD, DATA, True, A, answer, now)
    return answers


def test_the_same_question_gets_the_same_bytes() -> None:
    """With what becomes of the connection."""
    found = kept(T).find(HEAD, T + 0.5)
    assert found is not None
    assert (found.data, found.keep_alive) == (DATA, True)


def test_another_question_gets_nothing() -> None:
    """Even if it is one byte away: in the token, say."""
    assert kept(T).find(HEAD + b"x", T) is None


def test_another_value_of_its_source_ends_it() -> None:
    """For whoever asks for it, by whatever head."""
    answers = kept(T)
    answers.keep(b"another", DATA, True, A, Entry(value("one"), State.FRESH, T, T + 300), T)
    answers.forget(A)
    assert [answers.find(head, T) for head in (HEAD, b"another")] == [None, None]


def test_another_value_of_another_source_leaves_it_be() -> None:
    """Something is refreshed all the time, and others are read meanwhile."""
    answers = kept(T)
    answers.forget(B)
    assert answers.find(HEAD, T) is not None


def test_forgotten_response_makes_room() -> None:
    """However often that happens."""
    answers, answer = kept(T), Entry(value("one"), State.FRESH, T, T + 300)
    for _ in range(1_000):
        answers.keep(b"large", b"x" * 900_000, True, B, answer, T)
        answers.forget(B)
    assert answers.find(HEAD, T) is not None


@pytest.mark.parametrize(
    ("since", "until"), [(T, T + 1), (T + 0.25, T + 1), (T + 17.5, T + 18), (T + 18, T + 19)]
)
def test_a_cached_response_holds_until_the_age_is_a_second_more(since: float, until: float) -> None:
    """As `Age` says it in whole seconds."""
    assert kept(since).find(HEAD, until - 0.001) is not None
    assert kept(since).find(HEAD, until) is None


def test_a_cached_response_ends_when_the_value_is_due() -> None:
    """So that the read that begins the refresh is not missed."""
    assert kept(T + 7, ttl=9).find(HEAD, T + 7.199) is not None
    assert kept(T + 7, ttl=9).find(HEAD, T + 7.201) is None


@pytest.mark.parametrize("since", [T + 240, T + 299, T + 300, T + 4000])
def test_due_or_stale_response_is_not_kept(since: float) -> None:
    """Each read of it looks at the cache."""
    assert kept(since).find(HEAD, since) is None


def test_ttl_of_zero_keeps_no_response() -> None:
    """Every read goes upstream."""
    assert kept(T, ttl=0).find(HEAD, T) is None


def test_a_clock_that_jumps_back_ends_it() -> None:
    """Rather than holding it for as long as the jump was."""
    assert kept(T + 0.5).find(HEAD, T + 0.4) is None


def held_bytes(size: int, count: int) -> int:
    """How many bytes of so many large answers are held in the end."""
    answers = ResponseCache()
    answer = Entry(value("one"), State.FRESH, T, T + 300)
    for number in range(count):
        answers.keep(b"%d" % number, b"x" * size, True, A, answer, T)
    found = (answers.find(b"%d" % number, T) for number in range(count))
    return sum(len(kept.data) for kept in found if kept is not None)


@pytest.mark.parametrize("size", [1, 1_000, 65_536, 1_000_000])
def test_kept_answers_have_a_limit_in_bytes(size: int) -> None:
    """A megabyte, as the environment may have little; below it, large answers are kept too."""
    assert size <= held_bytes(size, 1_000) <= 1 << 20


def test_response_larger_than_the_limit_is_not_kept() -> None:
    """Nor does it keep anything from being kept after it."""
    answers = ResponseCache()
    answer = Entry(value("one"), State.FRESH, T, T + 300)
    for data in (b"x" * (2 << 20), b"small"):
        answers.keep(HEAD, data, True, A, answer, T)
        found = answers.find(HEAD, T)
        assert (found is not None) == (data == b"small")


def test_an_answer_that_is_kept_anew_counts_once() -> None:
    """Each second brings another for the same question, and the others stay."""
    answers = kept(T)
    answer = Entry(value("one"), State.FRESH, T, T + 300)
    for number in range(1_000):
        answers.keep(b"large", b"x" * (900_000 + number % 2), True, A, answer, T)
    assert answers.find(HEAD, T) is not None


def test_kept_answers_do_not_grow_without_end() -> None:
    """Whoever may ask can ask in endless ways."""
    answers = kept(T)
    answer = Entry(value("one"), State.FRESH, T, T + 300)
    for number in range(10_000):
        answers.keep(b"%d" % number, DATA, True, A, answer, T)
    held = sum(answers.find(b"%d" % number, T) is not None for number in range(10_000))
    assert 0 < held <= 256
