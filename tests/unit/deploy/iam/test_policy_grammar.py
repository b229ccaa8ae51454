"""The policy by the rules of IAM, as CloudFormation's linter knows them."""

import json
from typing import Any

import pytest
from cfnlint.api import lint_all
from hypothesis import given
from hypothesis import strategies as st

from warmkey.deploy.iam import policy
from warmkey.deploy.secrets import arn
from warmkey.extension.declared.reference import Reference, parse
from warmkey.extension.sources.source import Place

KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
EVERYTHING = [
    "/stripeSecretKey/live",
    "ssm:name:3#field",
    "ssm:/app/prod/*",
    "secretsmanager:db",
    "/aws/reference/secretsmanager/db",
    "arn:aws:ssm:eu-west-1:123456789012:parameter/shared",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
    *(f"secretsmanager:s{number}" for number in range(5)),
]


def make(texts: list[str], key: str) -> policy.Document:
    """The policy for some references, all encrypted with one key."""
    declared: list[Reference] = [parse(text) for text in texts]
    return policy.document(
        declared,
        Place("aws", "eu-central-1", "123456789012"),
        keys={key: arn.sources(declared)},
    )


def findings(made: policy.Document) -> list[str]:
    """What the linter has against a policy; rule I3510 matches its resources with its actions."""
    resource = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": made}}
    found = lint_all(json.dumps({"Resources": {"Policy": resource}}))
    return [match.message for match in found if match.rule.id[0] in "EW" or "3510" in match.rule.id]


@pytest.mark.parametrize("key", [KEY, "alias/stripe"])
def test_a_policy_of_anything_that_can_be_declared_is_valid(key: str) -> None:
    """Its actions exist and take such resources."""
    assert findings(make(EVERYTHING, key)) == []


@pytest.mark.parametrize(
    ("part", "value"),
    [("Action", ["ssm:GetParametres"]), ("Resource", ["arn:aws:s3:::bucket"]), ("Efect", "Allow")],
)
def test_the_linter_would_find_a_mistake(part: str, value: Any) -> None:
    """It is an authority only if it does."""
    made = make(["/a"], KEY)
    made["Statement"][0][part] = value
    assert findings(made)


@given(st.lists(st.sampled_from(EVERYTHING), min_size=1, unique=True))
def test_statements_are_told_apart_and_grant_what_is_declared(texts: list[str]) -> None:
    """Whatever is declared; only the batch, which knows no resources, has a bare star."""
    statements = make(texts, KEY)["Statement"]
    names = [statement["Sid"] for statement in statements]
    assert len(names) == len(set(names))
    assert all(name.isalnum() for name in names)
    assert {statement["Sid"] for statement in statements if "*" in statement["Resource"]} <= {
        "ReadSecretsTogether"
    }
