"""The last line of a run of tests."""

import pytest

from tests.skipped import summary

NO_GO = "there is no Go (`go`): `make tools` installs it, or https://go.dev/dl"
NO_WRK = "there is no wrk: `make tools` installs it"
ROOT = "to listen on port 53 takes root"


@pytest.mark.parametrize(
    ("reasons", "line"),
    [
        ([], ""),
        ([ROOT], f"Skipped: 1 test, {ROOT}"),
        (
            [NO_GO, NO_WRK, NO_GO],
            "Skipped: 2 tests, there is no Go (`go`); 1 test, there is no wrk. "
            "`make tools` installs all of it.",
        ),
        (
            [ROOT, NO_WRK, "refused.\nTried:"],
            "Skipped: 1 test, there is no wrk. `make tools` installs all of it. "
            f"For other reasons: 1 test, {ROOT}; 1 test, refused.",
        ),
        (["x" * 101], f"Skipped: 1 test, {'x' * 100}…"),
    ],
    ids=["nothing", "another reason", "tools", "both", "long"],
)
def test_skipped_tests_are_grouped_by_reason(reasons: list[str], line: str) -> None:
    """With the command that installs what is missing, where anything is."""
    assert summary(reasons) == line
