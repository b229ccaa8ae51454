"""A saved plan is held against what would be planned now."""

import pytest

from warmkey.deploy.functions.saved_plan import SavedPlan
from warmkey.deploy.output.change import Change
from warmkey.deploy.output.failure import Failure
from warmkey.deploy.output.plan import Plan, Proposal

CHANGE = Change("function billing", {}, {"KEY": "warmkey:/key"})
SAVED = SavedPlan("0", "", "", {"billing": "1"}, (CHANGE.as_json(),))


def proposal(change: Change, revision: str) -> Proposal:
    """A proposal for one function."""
    return Proposal({"billing": Plan((change,), lambda: None, revision=revision)})


def test_a_plan_of_the_same_revision_is_good() -> None:
    """It would change the same."""
    SAVED.check(proposal(CHANGE, "1"))


@pytest.mark.parametrize(
    "now",
    [
        proposal(CHANGE, "2"),
        proposal(Change("function billing", {}, {"KEY": "warmkey:/other"}), "1"),
        proposal(Change("function billing", {}, {}), "1"),
        Proposal({}, failed={"billing": "there is no such function"}),
    ],
    ids=["revision", "another change", "nothing to change", "gone"],
)
def test_a_plan_is_stale_once_anything_has_changed(now: Proposal) -> None:
    """Also where it would change the same, as of a value that is not shown."""
    with pytest.raises(Failure, match=r"planned: function billing; plan it again"):
        SAVED.check(now)
