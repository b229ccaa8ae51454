"""Declarations: variables and `warmkey.json` together."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.declared.declarations import DeclarationError, Declarations, declared
from extension.declared.reference import parse
from extension.declared.stages import StageError

PATH = "/var/task/warmkey.json"
CLASSIC = {
    "stages": {
        "prod": {"stripeSecretKey": "/stripeSecretKey/live"},
        "dev": {"stripeSecretKey": "/stripeSecretKey/test"},
    },
    "fallback": "dev",
    "secrets": {"mailKey": "/mailKey/{stage}"},
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("/a/{stage}"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["stages", "fallback", "secrets", "dev", "", "a"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
tables = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("stages", "fallback", "secrets", "$schema"), json_values)
)


def collect(table: Any = None, **environ: str) -> Declarations:
    """What an environment and a table declare."""
    return declared(environ, None if table is None else json.dumps(table), PATH)


def refusal(table: Any = None, **environ: str) -> str:
    """Why they declare nothing."""
    with pytest.raises(DeclarationError) as refused:
        collect(table, **environ)
    return str(refused.value)


@pytest.mark.parametrize(
    ("stage", "holds", "key"),
    [
        ("prod", "prod", "live"),
        ("dev", "dev", "test"),
        ("featureX", "dev", "test"),
        ("", "dev", "test"),
    ],
)
def test_the_classic_stage_table(stage: str, holds: str, key: str) -> None:
    """An unknown stage falls back, for the secrets of every stage too."""
    assert collect(CLASSIC, stage=stage) == Declarations(
        holds,
        {
            "mailKey": parse(f"/mailKey/{holds}"),
            "stripeSecretKey": parse(f"/stripeSecretKey/{key}"),
        },
    )


def test_a_variable_declares_a_secret_by_its_own_name() -> None:
    """What else is in the environment does not count."""
    variables = {"STRIPE_SECRET_KEY": "warmkey:/stripeSecretKey/{stage}", "HOME": "/root"}
    assert collect(STAGE="live", **variables) == Declarations(
        "live", {"STRIPE_SECRET_KEY": parse("/stripeSecretKey/live")}
    )


def test_empty_declarations_are_no_error() -> None:
    """A layer may be attached to a function that has no secrets yet."""
    assert collect() == Declarations("", {})
    assert collect({}, STAGE="prod") == Declarations("prod", {})


def test_variables_and_table_add_up() -> None:
    """Each alias is there."""
    both = collect({"secrets": {"a": "/a"}}, B="warmkey:/b")
    assert both.references == {"a": parse("/a"), "B": parse("/b")}


def test_the_variable_wins_where_both_declare_an_alias() -> None:
    """It can differ between two deployments of one package."""
    assert collect({"secrets": {"A": "/a"}}, A="warmkey:/b").references == {"A": parse("/b")}


def test_the_stage_s_own_secret_wins_over_that_of_every_stage() -> None:
    """The narrower holds."""
    table = {"stages": {"prod": {"a": "/live"}}, "secrets": {"a": "/any"}}
    assert collect(table, STAGE="prod").references == {"a": parse("/live")}


def test_warmkey_stages_maps_what_the_placeholder_becomes() -> None:
    """`*` is the fallback."""
    environ = {"A": "warmkey:/a/{stage}", "WARMKEY_STAGES": "prod=live,*=test"}
    assert collect(stage="prod", **environ).references == {"A": parse("/a/live")}
    assert collect(stage="featureX", **environ).references == {"A": parse("/a/test")}
    assert collect(**environ).references == {"A": parse("/a/test")}


def test_the_map_knows_a_stage_that_the_table_does_not() -> None:
    """Then the table falls back, and the placeholder does not."""
    environ = {"WARMKEY_STAGE": "featureX", "WARMKEY_STAGES": "featureX=special,dev=test"}
    found = collect(CLASSIC, **environ)
    assert found.references["stripeSecretKey"] == parse("/stripeSecretKey/test")
    assert found.references["mailKey"] == parse("/mailKey/special")


def test_the_table_s_fallback_is_mapped() -> None:
    """Stage featureX is dev in the table, and dev is test in the map."""
    found = collect(CLASSIC, STAGE="featureX", WARMKEY_STAGES="prod=live,dev=test")
    assert found.references["mailKey"] == parse("/mailKey/test")


def test_a_stage_that_nothing_uses_need_not_be_known() -> None:
    """A map without the stage is no error while no reference has the placeholder."""
    found = collect(STAGE="featureX", WARMKEY_STAGES="prod=live", A="warmkey:/a")
    assert found == Declarations("featureX", {"A": parse("/a")})


def test_an_unknown_stage_without_a_fallback_lists_the_known_ones() -> None:
    """And says where to add it."""
    table = {key: value for key, value in CLASSIC.items() if key != "fallback"}
    with pytest.raises(StageError) as refused:
        collect(table, STAGE="featureX")
    assert str(refused.value) == (
        "stage 'featureX' is unknown; known stages: dev, prod; "
        f'add it, or a "fallback", to {PATH}'
    )


def test_a_placeholder_without_a_stage_names_the_variables_that_set_one() -> None:
    """Rather than asking AWS for `/a/`."""
    message = refusal(A="warmkey:/a/{stage}")
    assert message.startswith("variable A: '/a/{stage}' needs a stage, and none is set")
    assert "WARMKEY_STAGE, STAGE, stage" in message
    assert "WARMKEY_STAGES=*=…" in message


def test_a_malformed_reference_is_said_with_its_place() -> None:
    """The variable, or the file and the alias."""
    assert refusal(A="warmkey:a").startswith("variable A: 'a' is not a reference: ")
    assert refusal({"secrets": {"b": "b"}}).startswith(f"{PATH}: b: 'b' is not a reference: ")


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ([], "must hold a JSON object with fallback, secrets, stages"),
        ("canary", "must hold a JSON object with fallback, secrets, stages"),
        (
            {"stage": {}, "secret": {}},
            "has 'secret', 'stage'; allowed are fallback, secrets, stages",
        ),
        ({"stages": []}, "stages must be an object that maps each stage to its secrets"),
        ({"stages": None}, "stages must be an object that maps each stage to its secrets"),
        ({"fallback": "dev"}, "fallback is 'dev'; it must name one of the stages (there are none)"),
        (
            {"stages": {"b": {}, "a": {}}, "fallback": "c"},
            "fallback is 'c'; it must name one of the stages (a, b)",
        ),
        ({"stages": {"a": {}}, "fallback": 1}, "fallback is 1; it must name one of the stages (a)"),
        ({"stages": {"a": {}}, "fallback": ["a"]}, "fallback is ['a']; it must name one of"),
        ({"stages": {"a": []}, "fallback": "a"}, "a must be an object that maps each alias"),
        ({"secrets": "/a"}, "secrets must be an object that maps each alias to a reference"),
        ({"secrets": {"a": 1}}, "or an object whose ref is one: /name, "),
        ({"secrets": {"a": {"name": "/a"}}}, "a in secrets must be a reference as a string"),
        ({"secrets": {"a": {"ref": 1}}}, "a in secrets must be a reference as a string"),
        (
            {"secrets": {"a": {"ref": "/a", "optional": "yes"}}},
            "optional is 'yes'; it must be true",
        ),
        (
            {"secrets": {"a": {"ref": "/a", "default": 1}}},
            "default must be a string, or true or false",
        ),
        (
            {"secrets": {"a": {"ref": "/a", "default": "\ud800"}}},
            "default contains half a surrogate",
        ),
        ({"secrets": {"a": {"ref": "/a", "x&y": "z"}}}, "'x&y' is no option"),
        (
            {"secrets": {"a": {"ref": "/a", "field": "b"}}},
            "'field' is no option of it; known after",
        ),
        (
            {"secrets": {"a": {"ref": "/a?default=b", "default": "c"}}},
            "the option 'default' is given twice",
        ),
        ({"secrets": {"": "/a"}}, "'' in secrets can't be an alias"),
        ({"secrets": {"a\n": "/a"}}, r"'a\n' in secrets can't be an alias"),
    ],
)
def test_a_malformed_table_is_said_with_the_file_and_the_key(table: Any, complaint: str) -> None:
    """What was given and what is allowed."""
    message = refusal(table)
    assert message.startswith(PATH)
    assert complaint in message


@pytest.mark.parametrize("text", ["", "{", "{'secrets': {}}", '{"secrets": {}} x'])
def test_a_file_that_is_no_json_is_said_with_the_place(text: str) -> None:
    """And none of its text."""
    with pytest.raises(DeclarationError, match=rf"^{PATH} is (not JSON|text after)"):
        declared({}, text, PATH)


def test_a_schema_may_be_named() -> None:
    """For editors; it is not looked at."""
    assert collect({"$schema": "https://example.com/warmkey.schema.json"}) == Declarations("", {})


@given(tables, st.sampled_from(["", "dev", "a"]), st.sampled_from(["", "dev=x", "*=x", "="]))
def test_any_table_declares_something_or_is_refused(
    table: dict[str, Any], stage: str, stages: str
) -> None:
    """Nothing but the two documented errors is raised."""
    try:
        found = collect(table, STAGE=stage, WARMKEY_STAGES=stages)
    except (DeclarationError, StageError):
        return
    assert all(alias.isprintable() and alias for alias in found.references)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ({"ref": "/a"}, "/a"),
        ({"ref": "/a", "optional": True}, "/a?optional=true"),
        ({"ref": "/a#b", "optional": False, "default": "x"}, "/a?optional=false&default=x#b"),
        ({"ref": "/a?optional=true#b", "default": ""}, "/a?optional=true&default=#b"),
        ({"ref": "/a", "default": "&#%+ ä{stage}"}, "/a?default=%26%23%25+%20%C3%A4%7Bstage%7D"),
        ({"ref": "secretsmanager:a", "versionStage": "x"}, "secretsmanager:a?versionStage=x"),
    ],
)
def test_a_reference_may_be_an_object_with_its_options(
    written: dict[str, object], text: str
) -> None:
    """Which mean what they mean after `?`, but are not encoded."""
    table = {"secrets": {"long": written, "short": text}}
    found = declared({}, json.dumps(table), PATH)
    assert found.references["long"] == found.references["short"]
