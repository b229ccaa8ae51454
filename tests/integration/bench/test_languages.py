"""The language benchmark runs, and yields numbers; none of them is judged here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import peers
from tests.bench.languages.run import LanguageRun, Subject
from tests.bench.samples import Samples
from tests.bench.world import World
from tests.languages.language import Unavailable
from tests.languages.shell import SHELL
from tests.rapid import namespaces
from tests.rapid.ports import ReservedPort


@pytest.fixture
def run(tmp_path: Path) -> Iterator[LanguageRun]:
    """A run of one language, the one that needs the least."""
    try:
        namespaces.isolation()
        subject = Subject(SHELL.name, SHELL.example(), SHELL.plain())
        layer = peers.unpack_ours(tmp_path)
    except (namespaces.NamespacesRefused, Unavailable) as reason:
        pytest.skip(str(reason))
    with World(tmp_path) as world, ReservedPort() as closed:
        nowhere = f"http://{closed.address}"
        yield LanguageRun([subject], layer, world, tmp_path, nowhere, Samples())


def test_a_round_yields_numbers_for_a_row(run: LanguageRun) -> None:
    """What is added is the difference of the two starts."""
    assert list(run.round(0)) == ["Shell"]
    without, with_it, added, *others = (
        run.samples.median("Shell", what)
        for what in ("without", "with", "added", "example", "function rss", "extension rss")
    )
    assert without is not None
    assert with_it is not None
    assert added == with_it - without
    assert all(other and other > 0 for other in others)


def test_a_round_that_is_thrown_away_leaves_no_numbers(run: LanguageRun) -> None:
    """The first round warms everything up."""
    assert list(run.round(0, keep=False)) == ["Shell"]
    assert run.samples.figure("Shell", "with") is None
