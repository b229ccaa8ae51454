"""A project's declarations: of one stage, of all, and as somebody would write them."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmkey.deploy.output.failure import Failure
from warmkey.deploy.secrets.project import Declared, Project, parse_stages, spell
from warmkey.extension.declared.reference import Reference, parse
from warmkey.extension.sources.parameter import Parameter
from warmkey.extension.sources.parameter_path import ParameterPath
from warmkey.extension.sources.secretsmanager import Secret

CLASSIC = {
    "stages": {
        "prod": {"stripeSecretKey": "/stripeSecretKey/live"},
        "dev": {"stripeSecretKey": "/stripeSecretKey/test"},
    },
    "fallback": "dev",
    "secrets": {"mailKey": "/mailKey/{stage}"},
}
words = st.from_regex(r"[A-Za-z0-9_.-]{1,9}", fullmatch=True)
sources = st.one_of(
    st.builds(Parameter, words.map("/a/{}".format) | words, words | st.just("")),
    st.builds(ParameterPath, words.map("/app/{}".format)),
    st.builds(Secret, words, words),
    st.builds(lambda name, stage: Secret(name, version_stage=stage), words, words),
    st.builds(Secret, words.map("arn:aws:secretsmanager:eu-west-1:123456789012:secret:{}".format)),
    st.builds(Parameter, words.map("arn:aws:ssm:eu-west-1:123456789012:parameter/{}".format)),
)
fields = st.text("ab./~#", max_size=5)


def project(table: Any = None, **variables: str) -> Project:
    """A project with a table of stages, or without, and some variables."""
    return Project(variables, None if table is None else json.dumps(table), "warmkey.json")


def told(found: Project, *stages: str) -> Mapping[str, list[str]]:
    """What it declares, by stage."""
    by_stage: dict[str, list[str]] = {}
    for each in found.declared(stages):
        by_stage.setdefault(each.stage, []).append(f"{each.alias}={spell(each.reference)}")
    return by_stage


def refusal(found: Project, *stages: str) -> str:
    """Why it declares nothing."""
    with pytest.raises(Failure) as refused:
        list(found.declared(stages))
    return refused.value.message


def test_every_stage_of_the_table_is_told() -> None:
    """With what holds for all of them."""
    assert told(project(CLASSIC)) == {
        "prod": ["mailKey=/mailKey/prod", "stripeSecretKey=/stripeSecretKey/live"],
        "dev": ["mailKey=/mailKey/dev", "stripeSecretKey=/stripeSecretKey/test"],
    }


def test_a_stage_that_was_asked_for_is_told_alone() -> None:
    """By its fallback, where the table does not know it."""
    assert told(project(CLASSIC), "featureX") == {
        "featureX": ["mailKey=/mailKey/dev", "stripeSecretKey=/stripeSecretKey/test"]
    }


def test_the_stages_of_the_map_are_told_with_any_other() -> None:
    """`*` is what every other one becomes."""
    found = project(None, KEY="warmkey:/k/{stage}", WARMKEY_STAGES="prod=live,*=test")
    assert told(found) == {"prod": ["KEY=/k/live"], "*": ["KEY=/k/test"]}


def test_any_other_stage_is_left_out_where_the_table_takes_none() -> None:
    """There, an unknown stage is an error at start-up."""
    table = {"stages": {"prod": {"a": "/a/{stage}"}}}
    assert told(project(table, WARMKEY_STAGES="prod=live,*=test")) == {"prod": ["a=/a/live"]}


def test_a_project_without_stages_declares_for_all() -> None:
    """The stage then has no name."""
    reference = parse("/a")
    assert list(project({"secrets": {"a": "/a"}}).declared()) == [Declared("", "a", reference)]


def test_a_path_is_told_by_itself() -> None:
    """Its aliases are known once it has been read."""
    assert told(project({"secrets": {"app": "ssm:/app/*"}})) == {"": ["/app/*=ssm:/app/*"]}


def test_a_placeholder_without_a_stage_says_how_to_name_one() -> None:
    """As the daemon does, and by the option."""
    said = refusal(project(None, KEY="warmkey:/k/{stage}"))
    assert "needs a stage, and none is set" in said
    assert said.endswith("here, pass --stage")


def test_a_stage_is_no_remedy_for_what_is_malformed() -> None:
    """It would be refused in every stage."""
    said = refusal(project(None, KEY="warmkey:/k/{stage}#"))
    assert "--stage" not in said


@pytest.mark.parametrize(
    ("table", "variables", "stages", "complaint"),
    [
        ([], {}, (), "must hold a JSON object"),
        ({"stages": []}, {}, (), "stages must be an object"),
        ({"stages": {"prod": {"a": "a"}}}, {}, (), "'a' is not a reference"),
        ({"stages": {"prod": {}}}, {}, ("dev",), "stage 'dev' is unknown; known stages: prod"),
        (None, {"A": "warmkey:/a", "WARMKEY_STAGES": "prod"}, (), "WARMKEY_STAGES is 'prod'"),
    ],
)
def test_a_declaration_that_the_daemon_would_refuse_is_refused(
    table: Any, variables: dict[str, str], stages: tuple[str, ...], complaint: str
) -> None:
    """With its own words."""
    assert complaint in refusal(project(table, **variables), *stages)


def test_a_file_that_is_no_json_is_refused() -> None:
    """By name."""
    assert refusal(Project({}, "{", "warmkey.json")).startswith("warmkey.json is not JSON")


@given(sources, fields, st.booleans(), st.none() | st.text())
def test_a_reference_is_spelt_as_it_is_read(
    source: Any, field: str, optional: bool, default: str | None
) -> None:
    """Whichever it is."""
    default = None if source.is_path else default
    reference = Reference(source, field, optional=optional, default=default)
    assert parse(spell(reference)) == reference


def test_a_malformed_map_of_stages_is_refused() -> None:
    """With an example of one that is not."""
    with pytest.raises(Failure, match="write it like prod=live"):
        parse_stages("prod:live")
