"""The policy: what a role may read, and nothing else."""

import json
from typing import Any

import pytest

from warmkey.deploy.iam import policy
from warmkey.deploy.secrets import arn
from warmkey.extension.declared.reference import Reference, parse
from warmkey.extension.sources.source import Place

PLACE = Place("aws", "eu-central-1", "123456789012")
SSM = "arn:aws:ssm:eu-central-1:123456789012:parameter"
SECRETS = "arn:aws:secretsmanager:eu-central-1:123456789012:secret"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def document(*texts: str, keys: policy.Keys | None = None, place: Place = PLACE) -> dict[str, Any]:
    """The statements for some references, by their names."""
    statements = make([parse(text) for text in texts], keys, place)["Statement"]
    return {statement.pop("Sid"): statement for statement in statements}


def make(
    declared: list[Reference], keys: policy.Keys | None = None, place: Place = PLACE
) -> policy.Document:
    """The whole document."""
    return policy.document(declared, place, keys=keys or {})


def decryption(reference: str, key: str = KEY, place: Place = PLACE) -> dict[str, Any]:
    """The one statement that lets a key decrypt one reference's value."""
    statement: dict[str, Any]
    [statement] = [
        statement
        for sid, statement in document(
            reference, keys={key: [parse(reference).source]}, place=place
        ).items()
        if sid.startswith("Decrypt")
    ]
    return statement


def test_parameters_are_allowed_one_by_one() -> None:
    """By both calls that read them, and no other name."""
    assert document("/b:2", "/a#field", "/a") == {
        "ReadParameters": {
            "Effect": "Allow",
            "Action": ["ssm:GetParameter", "ssm:GetParameters"],
            "Resource": [f"{SSM}/a", f"{SSM}/b"],
        }
    }


def test_a_path_is_allowed_by_the_call_that_lists_it() -> None:
    """IAM checks the path, not the parameters below it."""
    assert document("ssm:/app/prod/*") == {
        "ReadParameterPaths": {
            "Effect": "Allow",
            "Action": ["ssm:GetParametersByPath"],
            "Resource": [f"{SSM}/app/prod"],
        }
    }


def test_a_secret_by_name_is_allowed_with_any_suffix() -> None:
    """Six characters that Secrets Manager chose; `*` would be every name that begins so."""
    assert document("secretsmanager:prod/db") == {
        "ReadSecrets": {
            "Effect": "Allow",
            "Action": ["secretsmanager:GetSecretValue"],
            "Resource": [f"{SECRETS}:prod/db-??????"],
        }
    }


def test_batches_of_secrets_are_allowed_where_there_are_any() -> None:
    """With as many secrets as connections there are none."""
    three = [f"secretsmanager:s{number}" for number in range(3)]
    assert "ReadSecretsTogether" not in document(*three)
    assert document(*three, "secretsmanager:s3")["ReadSecretsTogether"] == {
        "Effect": "Allow",
        "Action": ["secretsmanager:BatchGetSecretValue"],
        "Resource": "*",
    }


def test_a_secret_read_as_a_parameter_is_allowed_by_both_services() -> None:
    """Parameter Store passes it through."""
    made = document("/aws/reference/secretsmanager/db")
    assert made["ReadParameters"]["Resource"] == [f"{SSM}/aws/reference/secretsmanager/db"]
    assert made["ReadSecrets"]["Resource"] == [f"{SECRETS}:db-??????"]


def test_aws_s_own_keys_need_no_permission() -> None:
    """Their policies let the account's principals decrypt by way of the service."""
    assert list(document("/a", "secretsmanager:b")) == ["ReadParameters", "ReadSecrets"]


def test_a_key_decrypts_only_the_parameter_and_only_by_way_of_ssm() -> None:
    """A copy of the cipher text is of no use, nor is another parameter's."""
    assert decryption("/a") == {
        "Effect": "Allow",
        "Action": ["kms:Decrypt"],
        "Resource": [KEY],
        "Condition": {
            "StringEquals": {
                "kms:ViaService": "ssm.eu-central-1.amazonaws.com",
                "kms:EncryptionContext:PARAMETER_ARN": f"{SSM}/a",
            }
        },
    }


@pytest.mark.parametrize(
    ("reference", "service", "pattern"),
    [
        (
            "ssm:/app/*",
            "ssm",
            {"kms:EncryptionContext:PARAMETER_ARN": f"{SSM}/app/*"},
        ),
        (
            "secretsmanager:db",
            "secretsmanager",
            {"kms:EncryptionContext:SecretARN": f"{SECRETS}:db-??????"},
        ),
    ],
)
def test_an_encryption_context_is_a_pattern_where_the_arn_is_one(
    reference: str, service: str, pattern: dict[str, str]
) -> None:
    """Of a path, or of a secret by name."""
    assert decryption(reference)["Condition"] == {
        "StringEquals": {"kms:ViaService": f"{service}.eu-central-1.amazonaws.com"},
        "StringLike": pattern,
    }


def test_an_alias_is_a_condition() -> None:
    """IAM takes no alias as a resource."""
    statement = decryption("/a", "alias/stripe")
    assert statement["Resource"] == ["arn:aws:kms:eu-central-1:123456789012:key/*"]
    assert statement["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": "alias/stripe"
    }


def test_a_key_has_a_statement_for_each_service_and_region() -> None:
    """Both conditions of one statement must hold at once."""
    abroad = "arn:aws:ssm:eu-west-1:123456789012:parameter/c"
    sources = [parse(text).source for text in ("/a", "/b", "secretsmanager:d", abroad)]
    made = document("/a", "/b", abroad, "secretsmanager:d", keys={KEY: sources})
    found = [
        statement["Condition"]["StringEquals"]["kms:ViaService"]
        for sid, statement in made.items()
        if sid.startswith("Decrypt")
    ]
    assert found == [
        "ssm.eu-central-1.amazonaws.com",
        "ssm.eu-west-1.amazonaws.com",
        "secretsmanager.eu-central-1.amazonaws.com",
    ]


def test_china_s_services_are_known_by_both_domains() -> None:
    """Which of them KMS compares is not documented."""
    statement = decryption("/a", "alias/k", Place("aws-cn", "cn-north-1", "1"))
    assert statement["Condition"]["StringEquals"]["kms:ViaService"] == [
        "ssm.cn-north-1.amazonaws.com",
        "ssm.cn-north-1.amazonaws.com.cn",
    ]


def test_placeholders_stand_wherever_the_account_would() -> None:
    """As `Fn::Sub` takes them."""
    made = make([parse("/a")], {"alias/k": [parse("ssm:/app/*").source]}, place=arn.TEMPLATE)
    text = json.dumps(made)
    assert "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/a" in text
    assert "ssm.${AWS::Region}.amazonaws.com" in text
    assert "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*" in text


def test_an_ordinary_policy_has_nothing_to_complain_about() -> None:
    """It fits wherever IAM takes a policy."""
    assert list(policy.warnings(make([parse("/a")]))) == []


@pytest.mark.parametrize(
    ("count", "complaint"),
    [
        (0, "nothing is declared, and IAM accepts no empty policy"),
        (100, "IAM allows 6144 in a managed policy: make it an inline policy of the role"),
        (200, "IAM allows 10240 in the inline policies of a role and 6144 in a managed policy;"),
    ],
)
def test_a_policy_that_iam_refuses_says_what_to_do(count: int, complaint: str) -> None:
    """Too large is too large only somewhere."""
    made = make([parse(f"/application/secret/{number}") for number in range(count)])
    [said] = policy.warnings(made)
    assert complaint in said


def test_the_size_is_what_iam_counts() -> None:
    """White space is free."""
    made = make([parse("/a")])
    assert policy.size(made) == len("".join(json.dumps(made).split()))


OTHER = "arn:aws:iam::210987654321:role/path/reader"


def test_secret_read_by_another_role_is_allowed_to_that_role() -> None:
    """The function's own may assume it, and nothing else of that."""
    declared = [parse("/own"), parse(f"/theirs?roleArn={OTHER}")]
    own = policy.document(declared, PLACE)["Statement"]
    assert [(each["Action"], each["Resource"]) for each in own] == [
        (["ssm:GetParameter", "ssm:GetParameters"], [f"{SSM}/own"]),
        (["sts:AssumeRole"], [OTHER]),
    ]
    keys = {KEY: [each.source for each in declared]}
    [read, decrypt] = policy.document(declared, PLACE, keys=keys, role=OTHER)["Statement"]
    theirs = f"{SSM}/theirs".replace("123456789012", "210987654321")
    assert read["Resource"] == [theirs]
    assert decrypt["Condition"]["StringEquals"]["kms:EncryptionContext:PARAMETER_ARN"] == theirs


def test_secrets_of_several_roles_are_batched_by_each() -> None:
    """A batch is read as one role."""
    secrets = [f"secretsmanager:s{number}" for number in range(4)]
    declared = [parse(f"{each}?roleArn={OTHER}") for each in secrets] + [parse("/p")]
    batch = {"ReadSecretsTogether"}
    own = {each["Sid"] for each in policy.document(declared, PLACE)["Statement"]}
    theirs = {each["Sid"] for each in policy.document(declared, PLACE, role=OTHER)["Statement"]}
    assert not own & batch
    assert theirs >= batch


def test_a_secret_behind_a_parameter_is_read_as_the_same_role() -> None:
    """It is another account's, too."""
    text = f"/aws/reference/secretsmanager/db?roleArn={OTHER}"
    [statement] = policy.document([parse(text)], PLACE)["Statement"]
    assert statement["Action"] == ["sts:AssumeRole"]


def test_a_trust_policy_asks_for_the_external_id() -> None:
    """Where there is one."""
    caller = "arn:aws:iam::123456789012:role/function-role"
    [statement] = policy.trust(caller)["Statement"]
    assert statement["Principal"] == {"AWS": caller}
    assert "Condition" not in statement
    [statement] = policy.trust(caller, "of-ours")["Statement"]
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "of-ours"}}
