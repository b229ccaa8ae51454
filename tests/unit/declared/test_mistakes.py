"""Values of variables that look like mistakes."""

import pytest

from extension.declared import mistakes
from extension.declared.settings import parse


@pytest.mark.parametrize(
    "value",
    [
        " warmkey:/key", "warmkey:/key\n", '"warmkey:/key"', "'warmkey:/key'", "Warmkey:/key",
        "WARMKEY:/key", "`warmkey:/key`", "\ufeffwarmkey:/key", "\u200bwarmkey:/key\u00a0",
        "warmkey :/key", "warmkey: /key", " ' warmkey: /key '",
    ],
)  # fmt: skip
def test_near_reference_is_told_with_the_right_form(value: str) -> None:
    """As a template or a form may have put something around it."""
    (told,) = mistakes.of({"KEY": value})
    assert told.startswith(f"KEY is {value!r}")
    assert told.endswith("; write KEY=warmkey:/key")


@pytest.mark.parametrize(
    "value", ["warmkey:/key", "warmkey:/{stage}/a b", "", "is warmkey:/key", "warmkey", "/key"]
)
def test_a_reference_or_another_text_is_no_mistake(value: str) -> None:
    """Even if it mentions one."""
    assert list(mistakes.of({"KEY": value})) == []


@pytest.mark.parametrize(
    "name", ["WARMKEY_TOKEN", "STAGE", "AWS_REGION", "SSM_PARAMETER_STORE_TTL"]
)
@pytest.mark.parametrize(
    ("value", "shown"),
    [("${canary}", "${…}"), ("a-${canary.b}", "${…}"), ("{{resolve:ssm:canary}}", "{{resolve:…}}")],
)
def test_template_placeholder_is_told(name: str, value: str, shown: str) -> None:
    """By the variable's name; the value may be a token and is not shown."""
    assert list(mistakes.of({name: value})) == [f"{name} holds {shown}, which nobody has filled in"]


def test_template_placeholder_in_a_reference_is_told() -> None:
    """Whatever the variable is called."""
    assert list(mistakes.of({"KEY": "warmkey:/${stage}/key"})) == [
        "KEY holds ${…}, which nobody has filled in"
    ]


def test_another_variable_may_hold_anything() -> None:
    """Such as a pattern of the program's own."""
    assert list(mistakes.of({"PATTERN": "${name}", "PS1": "{{resolve:x}}"})) == []


def test_mistakes_are_warnings_of_the_settings() -> None:
    """They stop nothing."""
    told = parse({"AWS_REGION": "eu-central-1", "KEY": " warmkey:/key"}).warnings
    assert any("write KEY=warmkey:/key" in each for each in told)
