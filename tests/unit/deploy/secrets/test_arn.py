"""ARNs: what IAM checks a declared source against."""

import pytest

from warmkey.deploy.secrets import arn
from warmkey.extension.declared.reference import parse
from warmkey.extension.sources.parameter import Parameter
from warmkey.extension.sources.parameter_path import ParameterPath
from warmkey.extension.sources.secretsmanager import Secret
from warmkey.extension.sources.source import Place

PLACE = Place("aws", "eu-central-1", "123456789012")
SSM = "arn:aws:ssm:eu-central-1:123456789012:parameter"
SECRETS = "arn:aws:secretsmanager:eu-central-1:123456789012:secret"
KMS = "arn:aws:kms:eu-central-1:123456789012"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("/stripeSecretKey/live", f"{SSM}/stripeSecretKey/live"),
        ("ssm:name", f"{SSM}/name"),
        ("/a/b:3#field", f"{SSM}/a/b"),
        ("ssm:/app/prod/*", f"{SSM}/app/prod"),
        ("secretsmanager:prod/db", f"{SECRETS}:prod/db-??????"),
        ("secretsmanager:db?versionStage=AWSPREVIOUS", f"{SECRETS}:db-??????"),
        (f"{SSM}/shared:stable", f"{SSM}/shared"),
        (f"{SECRETS}:db-AbC123", f"{SECRETS}:db-AbC123"),
        (f"{SECRETS}:db", f"{SECRETS}:db-??????"),
    ],
)
def test_every_form_of_reference_has_its_arn(reference: str, expected: str) -> None:
    """Without version, label or field: IAM knows none of these."""
    assert parse(reference).source.arn(PLACE) == expected


def test_a_public_parameter_lies_in_no_account() -> None:
    """AWS publishes it for everybody."""
    name = "/aws/service/global-infrastructure/regions"
    assert Parameter(name).arn(PLACE) == f"arn:aws:ssm:eu-central-1::parameter{name}"


def test_the_parameters_below_a_path_are_a_pattern() -> None:
    """However deep they lie."""
    assert arn.below(ParameterPath("/app"), PLACE) == f"{SSM}/app/*"


def test_a_source_by_arn_lies_where_its_arn_says() -> None:
    """And one by name where names are looked up."""
    there = Place("aws-cn", "cn-north-1", "210987654321")
    shared = Parameter("arn:aws-cn:ssm:cn-north-1:210987654321:parameter/shared")
    assert arn.home(shared, PLACE) == there
    assert arn.home(Parameter("/a"), arn.TEMPLATE) == arn.TEMPLATE


def test_a_secret_read_as_a_parameter_is_both() -> None:
    """Parameter Store passes it through, and each service asks for its own permission."""
    through = Parameter("/aws/reference/secretsmanager/prod/db")
    assert arn.sources([parse(through.name)]) == [through, Secret("prod/db")]


def test_a_source_that_two_references_share_is_one() -> None:
    """Two fields of one value."""
    assert arn.sources([parse("/a#b"), parse("/c"), parse("/a#d")]) == [
        Parameter("/a"),
        Parameter("/c"),
    ]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("1234abcd-12ab", f"{KMS}:key/1234abcd-12ab"),
        ("alias/stripe", f"{KMS}:alias/stripe"),
        (f"{KMS}:key/1", f"{KMS}:key/1"),
    ],
)
def test_a_key_has_an_arn_by_whatever_it_is_called(key: str, expected: str) -> None:
    """Its id, its alias, or the ARN itself."""
    assert arn.of_key(key, PLACE) == expected
