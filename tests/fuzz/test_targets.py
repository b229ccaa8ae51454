"""Every target bears its corpus, and what a moment's search makes of it."""

import importlib.util
from pathlib import Path

import pytest

from tests.fuzz.all import TARGETS
from tests.fuzz.search import search
from tests.fuzz.target import LONGEST, Target

EXECUTIONS = 35_000
TRICKS = (
    b"a",
    b"%41",
    b"\\ud800",
    b"[",
    b'{"a":',
    b"1\r\na\r\n",
    b"A: b\r\n",
    b"a=b\n",
    b"a,",
    b"..",
)
SEEDS = [
    pytest.param(target, data, id=f"{target.name}: {name.removesuffix('.txt')}")
    for target in TARGETS.values()
    for name, data in target.seeds().items()
]
needs_atheris = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="atheris has a wheel for Linux on x86_64 alone, up to Python 3.14",
)


@pytest.mark.parametrize(("target", "seed"), SEEDS)
def test_every_input_of_the_corpus_is_borne(target: Target, seed: bytes) -> None:
    """What was found once stays mended."""
    target.bear(seed)


@needs_atheris
@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_a_moment_s_search_finds_nothing(target: Target, tmp_path: Path) -> None:
    """The same inputs every time, so that it fails for a change and not by chance."""
    done = search(target, EXECUTIONS, tmp_path)
    assert not done.finding, f"{done.input and done.input.read_bytes()!r}\n{done.finding}"
    assert done.executions >= EXECUTIONS


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_a_long_input_is_no_trouble(target: Target) -> None:
    """64 KB of any word, and of any input of the corpus, over and over."""
    pieces = [*(word.encode("utf-8", "surrogatepass") for word in target.words), *TRICKS]
    for start in target.seeds().values():
        for piece in [start, *pieces]:
            long = (start + piece * (LONGEST // len(piece)))[:LONGEST]
            target.bear(long)
