"""The schema of warmkey.json says what the daemon takes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, meta

from extension.declared.declarations import DeclarationError, declared
from extension.declared.reference import MalformedReference, parse

SCHEMA = json.loads((Path(__file__).parents[3] / "layer/warmkey.schema.json").read_text("utf-8"))
FILE = Draft202012Validator(SCHEMA)
REFERENCE = Draft202012Validator({**SCHEMA["$defs"]["reference"], "$defs": SCHEMA["$defs"]})

ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter/"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
ROLE = "?roleArn=arn:aws:iam::123456789012:role/a/{stage}"
starts = st.sampled_from(["", "/", "ssm:", "secretsmanager:", ARN, SECRET_ARN, "arn:a:ssm:"])
tokens = st.sampled_from([*"ab.-_+=@!/:*#?&{} \né", "{stage}", "/*", ":3", "#a", "?versionId="])
tokens |= st.sampled_from(
    ["?optional=true", "?default=", "&optional=false", "&default=%41", "true", ROLE, f"&{ROLE[1:]}"]
)
texts = st.builds("{}{}".format, starts, st.lists(tokens, max_size=5).map("".join))
aliases = st.sampled_from(["key", "db/password", "", "a\n"])
tables: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "$schema": st.just("warmkey.schema.json"),
        "stages": st.dictionaries(
            st.sampled_from(["prod", "dev"]),
            st.dictionaries(aliases, st.sampled_from(["/a", "a"]) | st.integers(), max_size=2)
            | st.none(),
        )
        | st.just([]),
        "secrets": st.dictionaries(aliases, st.sampled_from(["/a", "a"]) | st.none(), max_size=2),
        "fallback": st.none() | st.integers() | st.just("dev"),
        "secret": st.just({}),
    },
)


def takes(table: Any) -> bool:
    """Whether the daemon takes a file, in each of its stages."""
    stages = table.get("stages", {}) if isinstance(table, dict) else {}
    try:
        for stage in stages or ["prod"]:
            declared({"STAGE": stage}, json.dumps(table), "warmkey.json")
    except DeclarationError:
        return False
    return True


def is_reference(text: str) -> bool:
    """Whether the daemon takes a reference."""
    try:
        parse(text, "prod")
    except MalformedReference:
        return False
    return True


def test_the_schema_is_one_whose_examples_are_valid() -> None:
    """By its own rules, and by the daemon's."""
    assert meta.is_valid(SCHEMA)
    for table in SCHEMA["examples"]:
        assert FILE.is_valid(table)
        assert takes(table)


@pytest.mark.parametrize(
    "form", SCHEMA["$defs"]["reference"]["anyOf"], ids=lambda form: form["title"]
)
def test_each_form_of_reference_has_examples_of_its_own(form: dict[str, Any]) -> None:
    """Which no other form takes, so that an editor explains the right one."""
    for text in form["examples"]:
        matching = [
            each["title"]
            for each in SCHEMA["$defs"]["reference"]["anyOf"]
            if Draft202012Validator({"pattern": each["pattern"]}).is_valid(text)
        ]
        assert matching == [form["title"]]
        assert is_reference(text)


@settings(max_examples=500)
@given(texts | st.text())
@example("/a\n")
@example("ssm:ssm:x")
@example("/{stage}")
@example("secretsmanager:a?versionId=b&c")
@example("//*")
@example("/app/*#a")
@example("secretsmanager:a?versionId=b?c=d:e#f#g")
@example(f"{ARN}a:b:c")
@example("/a?optional=true&default=&optional=true")
@example("secretsmanager:a?versionId=1&default=x&versionStage=y")
@example("/a?default=a#b?optional=true")
@example("/a?default=%4")
@example("/a?default=?optional=true&optional=false")
@example(f"{SECRET_ARN}db:a b.c:{{stage}}:?optional=true")
@example(f"{SECRET_ARN}db:key:stage:version")
@example(f"{SECRET_ARN}db:::1")
@example(f"{SECRET_ARN}db:key:")
@example(f"{SECRET_ARN}db:key::#field")
@example(f"{SECRET_ARN}db:key::?versionId=1")
@example(f"{SECRET_ARN}db:{{x}}::")
@example(f"{SECRET_ARN}db::{{x}}:")
def test_a_reference_is_valid_if_and_only_if_the_daemon_takes_it(text: str) -> None:
    """Whatever is written there."""
    assert REFERENCE.is_valid(text) is is_reference(text)


@pytest.mark.parametrize(
    ("alias", "valid"),
    [
        ("key", True),
        ("db/password", True),
        ("two words", True),
        ("schlüssel", True),
        ("鍵🔑", True),
        ("", False),
        ("a\n", False),
        ("\x7f", False),
        ("a\xa0b", False),
        ("\u200b", False),
        ("\u2028", False),
        ("\ufeffkey", False),
    ],
)
def test_an_alias_is_valid_if_and_only_if_the_daemon_takes_it(alias: str, valid: bool) -> None:
    """Printable characters."""
    table = {"secrets": {alias: "/a"}}
    assert (FILE.is_valid(table), takes(table)) == (valid, valid)


@given(tables)
def test_a_file_is_valid_if_and_only_if_the_daemon_takes_it(table: dict[str, Any]) -> None:
    """But for one thing that no schema can say: the fallback names one of the stages."""
    stages = table.get("stages")
    if table.get("fallback") == "dev" and not (isinstance(stages, dict) and "dev" in stages):
        assert not takes(table)
        return
    assert FILE.is_valid(table) is takes(table)


@pytest.mark.parametrize(
    "table", [[], "canary", {"stage": {}}, {"secrets": {"a": {"name": "/a"}}}, {"stages": None}]
)
def test_invalid_file_does_not_match_the_schema(table: Any) -> None:
    """As the daemon says at start-up, an editor does while it is written."""
    assert not FILE.is_valid(table)
    assert not takes(table)
