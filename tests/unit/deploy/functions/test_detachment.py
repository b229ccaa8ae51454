"""Detachment: what was there before is there again."""

import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.deploy.described import AWS_EXTENSION, NOTHING, OLDER, VERSION, function, other
from warmkey.deploy.functions import record
from warmkey.deploy.functions.attachment import AttachRequest, attach, detach
from warmkey.deploy.functions.environment import NEXT_WRAPPER, RECORD, WARMKEY_EXEC, WRAPPER
from warmkey.deploy.output.failure import Failure

REFERENCE = "warmkey:/stripe/{stage}"
ALL = AttachRequest(
    {"KEY": REFERENCE, "WARMKEY_STAGE": "prod", "WARMKEY_STAGES": "prod=live,*=test"},
    exec_wrapper=True,
    with_policy=True,
    overwrite=True,
    replace_aws_extension=True,
)

names = st.sampled_from(["A", "KEY", "STAGE", "WARMKEY_STAGE", WRAPPER, NEXT_WRAPPER])
values = st.sampled_from(["", "warmkey:/old", "warmkey:/older"])
layers = st.lists(st.sampled_from([*map(other, "abcd"), AWS_EXTENSION]), unique=True, max_size=4)
requests = st.builds(
    replace,
    st.just(ALL),
    exec_wrapper=st.booleans(),
    with_policy=st.booleans(),
)


@given(layers, st.dictionaries(names, values, max_size=5), requests, requests)
def test_detach_restores_what_was_there(
    there: list[str], variables: dict[str, str], first: AttachRequest, second: AttachRequest
) -> None:
    """After one attachment or another one upon it, whatever the function had."""
    before = function(*there, variables=variables)
    try:
        attached = attach(before, VERSION, first)
        again = attach(attached, VERSION, second)
    except Failure as refused:  # there is one next wrapper, not two
        assume("only one of them can be next" not in str(refused))
        raise
    assert detach(attached) == before
    assert detach(again) == before


def test_detaching_again_changes_nothing() -> None:
    """Nor does it where nothing was attached."""
    before = function(other("a"), variables={"A": "b", NEXT_WRAPPER: "/opt/x"})
    assert detach(before) == before


def test_a_value_that_may_be_a_secret_is_not_kept() -> None:
    """Its name is, so that it can be told; the variable goes."""
    attached = attach(function(variables={"KEY": "canary"}), VERSION, ALL)
    assert "canary" not in str(dict(attached.variables))
    assert record.of(attached.variables).lost == ("KEY",)
    assert detach(attached).variables == {}


def test_a_variable_that_somebody_set_meanwhile_stays() -> None:
    """A value of their own in an alias, another wrapper, a variable more."""
    attached = attach(function(), VERSION, ALL)
    changed = {"KEY": "canary", WRAPPER: "/opt/theirs", "MORE": "x"}
    later = replace(attached, variables={**attached.variables, **changed})
    assert detach(later).variables == changed


def test_another_reference_or_stage_of_theirs_stays() -> None:
    """Though attach set the variable first."""
    attached = attach(function(variables={"KEY": "warmkey:/old"}), VERSION, ALL)
    changed = {"KEY": "warmkey:/theirs", "WARMKEY_STAGE": "dev"}
    later = replace(attached, variables={**attached.variables, **changed})
    assert detach(later).variables == changed


def test_another_next_wrapper_of_theirs_is_the_wrapper_then() -> None:
    """Rather than the one that was there before."""
    attached = attach(function(variables={WRAPPER: "/opt/a"}), VERSION, ALL)
    later = replace(attached, variables={**attached.variables, NEXT_WRAPPER: "/opt/b"})
    assert detach(later).variables == {WRAPPER: "/opt/b"}


def test_a_variable_set_before_attaching_again_is_what_there_was() -> None:
    """A wrapper of their own comes back; a value of their own is one that was not kept."""
    attached = attach(function(), VERSION, ALL)
    changed = {**attached.variables, "KEY": "canary", WRAPPER: "/opt/theirs"}
    again = attach(replace(attached, variables=changed), VERSION, ALL)
    assert record.of(again.variables).lost == ("KEY",)
    assert detach(again).variables == {WRAPPER: "/opt/theirs"}


def test_a_variable_that_somebody_removed_meanwhile_stays_away() -> None:
    """It is theirs to remove."""
    attached = attach(function(variables={"KEY": "warmkey:/old"}), VERSION, ALL)
    left = {name: value for name, value in attached.variables.items() if name != "KEY"}
    assert detach(replace(attached, variables=left)).variables == {}


def test_a_layer_that_was_attached_by_hand_goes_with_its_wrapper() -> None:
    """Without the layer there is no wrapper to run; variables that attach did not set stay."""
    variables = {"KEY": REFERENCE, WRAPPER: WARMKEY_EXEC, NEXT_WRAPPER: "/opt/other"}
    after = detach(function(OLDER, other("a"), variables=variables))
    assert after.layers == (other("a"),)
    assert after.variables == {"KEY": REFERENCE, WRAPPER: "/opt/other"}


@pytest.mark.parametrize("text", ["{", "[]", '{"made":3}', '{"previous":["x"]}'])
def test_a_record_that_somebody_changed_is_refused(text: str) -> None:
    """Nothing is restored by guessing."""
    with pytest.raises(Failure, match="ATTACHED_BY_WARMKEY is not what attach wrote; remove it"):
        detach(function(variables={RECORD: text}))


def test_variables_that_cannot_be_read_are_not_overwritten() -> None:
    """As on attaching."""
    with pytest.raises(Failure, match="would be lost"):
        detach(function(unreadable="KMS says no"))


def test_a_record_is_only_of_changed_variables() -> None:
    """The layer alone needs none."""
    assert attach(function(), VERSION, NOTHING).variables == {}


def test_a_record_is_short() -> None:
    """It shares 4 KB with all variables, so what is empty is left out."""
    text = attach(function(), VERSION, AttachRequest({"KEY": "warmkey:/key"})).variables[RECORD]
    made = json.loads(text)["made"]
    assert list(made) == ["KEY"]
    assert len(made["KEY"]) == 8
