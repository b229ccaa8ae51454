"""Declared paths, and what `WARMKEY_ALLOW=declared` lets the drop-in API read."""

import json

import pytest

from extension.declared.declarations import Declarations, declared
from extension.declared.reference import Reference, parse
from extension.sources.parameter import Parameter
from extension.sources.parameter_path import ParameterPath
from extension.sources.secretsmanager import Secret

ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter/shared"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"
PROD = Reference(ParameterPath("/app/prod"))


def collect(**secrets: str) -> Declarations:
    """What a file with these secrets declares in stage `prod`."""
    return declared({"STAGE": "prod"}, json.dumps({"secrets": secrets}), "warmkey.json")


def test_a_path_has_no_alias_of_its_own() -> None:
    """Its aliases are known once it has been read."""
    both = collect(app="ssm:/app/{stage}/*", mail="/mail")
    assert both == Declarations("prod", {"mail": parse("/mail")}, (PROD,))


def test_a_path_may_be_declared_by_a_variable() -> None:
    """Whose name then stands for nothing but itself."""
    found = declared({"APP": "warmkey:ssm:/app/prod/*"}, None, "warmkey.json")
    assert (found.references, found.paths) == ({}, (PROD,))


def test_everything_is_named_singles_before_paths() -> None:
    """A path by itself with its star."""
    found = collect(app="/app/prod/*", mail="/mail")
    assert list(found.by_name()) == [("mail", parse("/mail")), ("/app/prod/*", PROD)]
    assert found.all() == (parse("/mail"), PROD)


@pytest.mark.parametrize(
    "source",
    [
        Parameter("/mail"),
        Parameter("/mail", decrypt=False),
        Parameter("/pinned", "3"),
        Parameter("/field"),
        Parameter(ARN),
        Parameter("/app/prod/db"),
        Parameter("/app/prod/db/password", decrypt=False),
        Secret("db"),
        Secret(SECRET_ARN),
        Secret("old", version_stage="AWSPREVIOUS"),
    ],
)
def test_declared_name_is_allowed(source: Parameter | Secret) -> None:
    """Decrypted or not, whole or as a field, itself or below a path."""
    assert everything().allow(source)


@pytest.mark.parametrize(
    "source",
    [
        Parameter("/other"),
        Parameter("mail"),
        Parameter("/mail", "2"),
        Parameter("/pinned"),
        Parameter("/pinned", "4"),
        Parameter("/app/prod"),
        Parameter("/app/production"),
        Parameter("/app/prod/db", "1"),
        Parameter("db"),
        Secret("/mail"),
        Secret("db", version_stage="AWSPREVIOUS"),
        Secret("db", version_id="v-1"),
        Secret("old"),
        Parameter("/aws/reference/secretsmanager/db"),
    ],
)
def test_undeclared_name_is_not_allowed(source: Parameter | Secret) -> None:
    """Nor is another version of what is, nor a secret by a parameter's name."""
    assert not everything().allow(source)


def everything() -> Declarations:
    """One of each kind."""
    return collect(
        mail="/mail",
        pinned="/pinned:3",
        field="/field#a.b",
        shared=ARN,
        app="/app/prod/*",
        db="secretsmanager:db?versionStage=AWSCURRENT",
        again=SECRET_ARN,
        old="secretsmanager:old?versionStage=AWSPREVIOUS",
    )


def test_the_narrower_declaration_of_paths_comes_first() -> None:
    """A variable before the stage's own before that of every stage: the first wins."""
    table = {
        "stages": {"prod": {"b": "/stage/*"}},
        "secrets": {"c": "/every/*", "a": "/every/second/*"},
    }
    variables = {"STAGE": "prod", "Z": "warmkey:/variable/z/*", "Y": "warmkey:/variable/y/*"}
    found = declared(variables, json.dumps(table), "warmkey.json")
    assert [path.source.name for path in found.paths] == [
        "/variable/y",
        "/variable/z",
        "/stage",
        "/every",
        "/every/second",
    ]


def test_the_order_of_variables_means_nothing() -> None:
    """Nobody knows in which order they arrive."""
    names = ["A", "C", "B"]
    for order in (names, names[::-1]):
        found = declared({name: f"warmkey:/{name}" for name in order}, None, "warmkey.json")
        assert list(found.references) == ["A", "B", "C"]
