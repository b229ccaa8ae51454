"""The search finds what there is to be found."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fuzz import broken
from tests.fuzz.json_mutation import mutated
from tests.fuzz.search import EngineError, at_fixed_addresses, search
from tests.fuzz.targets import references
from tests.fuzz.test_targets import needs_atheris


def chance() -> random.Random:
    """What decides, the same way each time."""
    return random.Random(1)  # noqa: S311


def nowhere(data: bytes) -> None:
    """The attempt of a target whose module names none."""


@needs_atheris
def test_input_that_a_target_does_not_tolerate_is_found(tmp_path: Path) -> None:
    """With the input that did it, and the reason."""
    done = search(broken.TARGET, 100_000, tmp_path)
    assert "AssertionError: it opens" in done.finding
    assert done.input is not None
    assert b"Sesame" in done.input.read_bytes()
    assert 0 < done.executions < 100_000


@needs_atheris
def test_the_same_seed_tries_the_same_inputs(tmp_path: Path) -> None:
    """So that a search in CI fails for a change, and not by chance."""
    if not at_fixed_addresses():
        pytest.skip("addresses are random here: `setarch --addr-no-randomize true` is refused")
    searches = [search(references.TARGET, 20_000, tmp_path) for _ in range(3)]
    assert searches[0].new_paths
    assert len({done.new_paths for done in searches}) == 1


@needs_atheris
def test_search_needs_an_engine(tmp_path: Path) -> None:
    """Rather than one that has found nothing."""
    elsewhere = replace(broken.TARGET, attempt=nowhere)
    with pytest.raises(EngineError, match="TARGET"):
        search(elsewhere, 1, tmp_path)


@pytest.mark.parametrize("data", [b"", b"no JSON", b"200\n[]", b"1", b"\xff"])
def test_input_without_json_is_left_alone(data: bytes) -> None:
    """There is nothing in it to change."""
    assert mutated(data, chance()) == data


def test_json_stays_json_and_the_lines_before_it_stay() -> None:
    """With something else in it, sooner or later."""
    decides = chance()
    data = b'200\n{"a": [1, {"b": null}], "c": "d"}'
    seen = set()
    for _ in range(200):
        line, _, text = mutated(data, decides).partition(b"\n")
        assert line == b"200"
        seen.add(json.dumps(json.loads(text)))
    assert len(seen) > 20
