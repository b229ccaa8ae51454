"""Every case of chaos, tried once on the built executable."""

from pathlib import Path

import pytest

from tests.chaos.areas import AREAS
from tests.chaos.case import Case
from tests.rapid.layer import unpack

CASES = [
    pytest.param(case, id=f"{area}: {case.name}")
    for area, cases in AREAS.items()
    for case in cases
    if case.quick
]


@pytest.fixture(scope="session")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built zip, unpacked."""
    return unpack(tmp_path_factory.mktemp("chaos") / "opt")


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_survived(case: Case, layer: Path) -> None:
    """The reader sees what the case allows, and something is said about it."""
    assert case.attempt(layer)
