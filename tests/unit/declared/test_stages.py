"""Stages: which one holds, and what it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.declared.stages import StageError, StageMap, current, parse_map

words = st.text(st.characters(exclude_characters=",=", exclude_categories=["Z", "C"]), min_size=1)


@pytest.mark.parametrize(
    ("environ", "stage"),
    [
        ({}, ""),
        ({"stage": "c"}, "c"),
        ({"stage": "c", "STAGE": "b"}, "b"),
        ({"stage": "c", "STAGE": "b", "WARMKEY_STAGE": "a"}, "a"),
        ({"stage": "c", "STAGE": "", "WARMKEY_STAGE": ""}, "c"),
    ],
)
def test_the_first_variable_that_is_set_names_the_stage(
    environ: dict[str, str], stage: str
) -> None:
    """WARMKEY_STAGE, STAGE, stage; empty means unset."""
    assert current(environ) == stage


@pytest.mark.parametrize(
    ("stage", "target"), [("prod", "live"), ("dev", "test"), ("featureX", "test"), ("", "test")]
)
def test_a_map_says_what_a_stage_becomes(stage: str, target: str) -> None:
    """`*` is every other stage, and none at all."""
    assert parse_map("prod=live,*=test").target(stage) == target


def test_a_target_may_contain_an_equals_sign() -> None:
    """The first one ends the stage."""
    assert parse_map("prod=live=2").target("prod") == "live=2"


@pytest.mark.parametrize("stage", ["prod", ""])
def test_stage_without_a_map_is_itself(stage: str) -> None:
    """Nothing is mapped."""
    assert parse_map("").target(stage) == stage


@given(st.dictionaries(words, words, min_size=1), st.sampled_from(["", " ", "  "]))
def test_a_map_is_read_as_it_was_put_together(targets: dict[str, str], space: str) -> None:
    """With or without spaces around what counts."""
    text = ",".join(f"{space}{stage}{space}={space}{targets[stage]}{space}" for stage in targets)
    assert parse_map(text) == StageMap(targets)


def test_an_unknown_stage_is_an_error_that_lists_the_known_ones() -> None:
    """And says how to make it known."""
    with pytest.raises(StageError) as refused:
        parse_map("prod=live,dev=test").target("featureX")
    assert str(refused.value) == (
        "stage 'featureX' is unknown; known stages: dev, prod; "
        "add featureX=… or *=… to WARMKEY_STAGES"
    )


def test_no_stage_is_unknown_too() -> None:
    """It names the variables that would set one."""
    with pytest.raises(StageError) as refused:
        parse_map("prod=live").target("")
    assert str(refused.value) == (
        "no stage is set (WARMKEY_STAGE, STAGE, stage); known stages: prod; "
        "set one of these variables, or add *=… to WARMKEY_STAGES"
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("prod", "'prod' is not of the form stage=target"),
        ("prod=live,", "'' is not of the form stage=target"),
        ("prod=", "'prod=' is not of the form stage=target"),
        ("=live", "'=live' is not of the form stage=target"),
        ("prod=live,prod=test", "'prod=test' is there twice"),
    ],
)
def test_a_malformed_map_is_an_error_with_an_example(text: str, complaint: str) -> None:
    """It gives the whole map and the item that is wrong."""
    with pytest.raises(StageError) as refused:
        parse_map(text)
    assert complaint in str(refused.value)
    assert str(refused.value).startswith(f"WARMKEY_STAGES is {text!r}")
    assert "write it like prod=live,*=test" in str(refused.value)


@given(st.text("abp=,* ", max_size=20) | st.text())
def test_any_text_is_a_map_or_a_stage_error(text: str) -> None:
    """Nothing else is raised."""
    try:
        targets = parse_map(text).targets
    except StageError:
        return
    assert all(targets)
    assert all(targets.values())
