"""The doctor on permissions: what IAM is asked, and what its answers mean."""

import json

import pytest

from warmkey.deploy.doctor.checks import permissions
from warmkey.deploy.doctor.checks.keys import Key
from warmkey.deploy.doctor.checks.permissions import Decision, Question
from warmkey.deploy.doctor.finding import Unknown
from warmkey.deploy.secrets.stored import Absent, Entry, Stored
from warmkey.extension.declared.reference import parse
from warmkey.extension.sources.source import Place, Source

PLACE = Place("aws", "eu-central-1", "123456789012")
ROLE = "arn:aws:iam::123456789012:role/billing"
SSM = "arn:aws:ssm:eu-central-1:123456789012:parameter"
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/1"
NAMED_IN_POLICY = json.dumps(
    {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "kms:Decrypt"}]}
)


def ask(
    entries: dict[str, Entry], *, managed: bool = False, policy: str = '{"Statement": []}'
) -> list[Question]:
    """What is asked about some references, whose key `alias/k` is the account's own, or AWS's."""
    found: dict[Source, Entry] = {parse(text).source: entry for text, entry in entries.items()}
    keys: dict[str, Key | Unknown] = {
        "alias/k": Key(KEY, managed, "Enabled", policy),
        "hidden": Unknown("kms:DescribeKey", "denied"),
    }
    batches = ["secretsmanager:BatchGetSecretValue"] if len(entries) > 3 else []
    return permissions.questions(found, keys, PLACE, ROLE, batches=batches)


def secure(name: str, key: str = "alias/k") -> Stored:
    """A parameter that a key encrypts."""
    return Stored(name, "SecureString", "1", None, key)


def test_both_ways_of_reading_parameters_are_asked_about_together() -> None:
    """Stored already or not."""
    assert ask({"/a": (Stored("/a", "String", "1", None),), "/b:3": Absent("missing")}) == [
        Question(("ssm:GetParameter", "ssm:GetParameters"), (f"{SSM}/a", f"{SSM}/b"))
    ]


def test_a_path_is_asked_about_by_itself() -> None:
    """As IAM checks it."""
    assert ask({"ssm:/app/*": Absent("nothing below it")}) == [
        Question(("ssm:GetParametersByPath",), (f"{SSM}/app",))
    ]


def test_a_secret_is_asked_about_by_its_whole_arn() -> None:
    """A policy may have it so, or with question marks."""
    entry = (Stored("db", "secret", "v", None, arn=SECRET),)
    asked = ask({"secretsmanager:db": entry})
    assert asked == [Question(("secretsmanager:GetSecretValue",), (SECRET,))]


def test_batches_of_secrets_are_asked_about_where_there_are_any() -> None:
    """The action knows no resources."""
    asked = ask({f"secretsmanager:s{number}": Absent("missing") for number in range(4)})
    assert asked[-1] == Question(("secretsmanager:BatchGetSecretValue",), ("*",))


@pytest.mark.parametrize(
    ("text", "entry", "service", "context"),
    [
        ("/a", (secure("/a"),), "ssm", ("PARAMETER_ARN", f"{SSM}/a")),
        (
            "ssm:/app/*",
            (secure("/app/a"), secure("/app/b")),
            "ssm",
            ("PARAMETER_ARN", f"{SSM}/app/a"),
        ),
        (
            "secretsmanager:db",
            (Stored("db", "secret", "v", None, "alias/k", arn=SECRET),),
            "secretsmanager",
            ("SecretARN", SECRET),
        ),
    ],
)
def test_decrypting_is_asked_about_as_the_service_would_do_it(
    text: str, entry: Entry, service: str, context: tuple[str, str]
) -> None:
    """Below a path, once for each key."""
    assert ask({text: entry})[1:] == [
        Question(
            ("kms:Decrypt",),
            (KEY,),
            (
                ("kms:ViaService", f"{service}.eu-central-1.amazonaws.com"),
                (f"kms:EncryptionContext:{context[0]}", context[1]),
                ("kms:CallerAccount", "123456789012"),
                ("kms:ResourceAliases", "alias/k"),
            ),
        )
    ]


def test_keys_that_need_no_permission_are_not_asked_about() -> None:
    """AWS's own, one whose policy names the role, and one that nobody may see."""
    entries: dict[str, Entry] = {"/a": (secure("/a"),)}
    assert len(ask(entries, managed=True)) == 1
    assert len(ask(entries, policy=NAMED_IN_POLICY)) == 1
    assert len(ask({"/a": (secure("/a", "hidden"),)})) == 1


def test_another_account_s_key_needs_a_permission_on_both_sides() -> None:
    """Its policy alone is not enough."""
    entries: dict[str, Entry] = {"/a": (secure("/a"),)}
    abroad = Key(KEY.replace("123456789012", "210987654321"), False, "Enabled", NAMED_IN_POLICY)
    found: dict[Source, Entry] = {parse(text).source: each for text, each in entries.items()}
    asked = permissions.questions(found, {"alias/k": abroad}, PLACE, ROLE, batches=())
    assert asked[-1].actions == ("kms:Decrypt",)


def test_an_allowed_action_is_no_finding() -> None:
    """Nothing is said about it."""
    assert list(permissions.check([Decision("ssm:GetParameter", SSM, "allowed")])) == []


def test_denials_of_an_action_are_said_together_with_what_to_grant() -> None:
    """By the least that is needed."""
    decisions = [Decision("ssm:GetParameter", each, "implicitDeny") for each in ("a", "b", "a")]
    [found] = permissions.check(decisions)
    assert (found.severity, found.problem) == (
        "error",
        "ssm:GetParameter is not allowed on a, b",
    )
    assert "`warmkey attach --with-policy` gives it to the role" in found.remedy


def test_an_explicit_deny_is_not_mended_by_a_grant() -> None:
    """Somebody meant it."""
    [found] = permissions.check([Decision("kms:Decrypt", KEY, "explicitDeny")])
    assert found.problem == f"kms:Decrypt is denied by a policy on {KEY}"
    assert found.remedy == "remove the Deny, or make an exception"


@pytest.mark.parametrize("action", ["ssm:GetParameters", "secretsmanager:BatchGetSecretValue"])
def test_an_action_that_warmkey_does_without_is_a_warning(action: str) -> None:
    """It makes more calls then."""
    [found] = permissions.check([Decision(action, SSM, "implicitDeny")])
    assert found.severity == "warning"
    assert "by a call of its own" in found.cost


def test_a_decision_that_depends_on_what_nobody_told_is_no_decision() -> None:
    """Unless it is denied in any case."""
    lacking = ("aws:SourceVpc",)
    [found] = permissions.check([Decision("ssm:GetParameter", SSM, "implicitDeny", lacking)])
    assert found.severity == "unchecked"
    assert "depends on aws:SourceVpc" in found.problem
    [found] = permissions.check([Decision("ssm:GetParameter", SSM, "explicitDeny", lacking)])
    assert found.severity == "error"


def test_permissions_that_may_not_be_simulated_are_not_called_fine() -> None:
    """They may be missing."""
    [found] = permissions.check(Unknown("iam:SimulatePrincipalPolicy", "denied"))
    assert (found.severity, found.check) == ("unchecked", "permissions")


def test_secret_read_by_another_role_needs_only_the_permission_to_assume_it() -> None:
    """The function's own reads nothing of it."""
    other = "arn:aws:iam::210987654321:role/reader"
    entry = Absent("denied", "elsewhere", "sts:AssumeRole")
    asked = ask({f"/a?roleArn={other}": entry, f"secretsmanager:b?roleArn={other}": entry})
    assert asked == [Question(("sts:AssumeRole",), (other,))]
