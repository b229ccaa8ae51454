"""Whether an answer is of the name that was asked for, in every form of a name that there is."""

import pytest

from extension.http.failure import Failed
from extension.http.messages import Response
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found
from extension.sources.secretsmanager import Secret, SecretsManager
from tests.fakes.aws_answers import item, ok, secret

ACCOUNT = "eu-west-1:123456789012"
OTHER_ACCOUNT = "eu-west-1:000000000000"
OTHER_REGION = "us-east-1:123456789012"
ARN = f"arn:aws:ssm:{ACCOUNT}:parameter"
SECRET_ARN = f"arn:aws:secretsmanager:{ACCOUNT}:secret"
REFERRED = "/aws/reference/secretsmanager/db"


def parameter(name: str, arn: str = "", **members: object) -> Response:
    """An answer of SSM."""
    return ok({"Parameter": item(Name=name, ARN=arn or f"{ARN}/{name.lstrip('/')}", **members)})


def of_secret(name: str, account: str = ACCOUNT, **members: object) -> Response:
    """An answer of Secrets Manager."""
    arn = f"arn:aws:secretsmanager:{account}:secret:{name}-AbCdEf"
    return ok(secret(**{"Name": name, "ARN": arn, "SecretString": "value", **members}))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (Parameter("/a/b"), parameter("/a/b")),
        (Parameter("/a/b", "3"), parameter("/a/b")),
        (Parameter("/a/b", "3"), parameter("/a/b", Selector=":3")),
        (Parameter("/a/b", "stable"), parameter("/a/b", Selector=":stable")),
        (Parameter("/a/b", "stable"), parameter("/a/b", Selector=None)),
        (Parameter("name"), parameter("name")),
        (Parameter("name"), parameter("/name")),
        (Parameter(f"{ARN}/a/b"), parameter("/a/b")),
        (Parameter(f"{ARN}/a/b", "3"), parameter("/a/b")),
        (Parameter(f"{ARN}/name"), parameter("name")),
        (Parameter(f"{ARN}/name"), parameter(f"{ARN}/name")),
        (Parameter(REFERRED), parameter(REFERRED, f"{SECRET_ARN}:db-AbCdEf")),
        (Parameter(REFERRED, "v-1"), parameter(f"{REFERRED}:v-1", f"{SECRET_ARN}:db-AbCdEf")),
        (Secret("prod/db"), of_secret("prod/db")),
        (Secret("prod/db"), of_secret("prod/db", VersionStages=None)),
        (Secret("/db", version_id="v-1"), of_secret("/db", VersionStages=None)),
        (Secret("db", "v-1", "BLUE"), of_secret("db", VersionStages=["BLUE"])),
        (Secret("db", version_stage="AWSCURRENT"), of_secret("db")),
        (Secret(f"{SECRET_ARN}:prod/db-AbCdEf"), of_secret("prod/db")),
        (Secret(f"{SECRET_ARN}:prod/db"), of_secret("prod/db")),
    ],
    ids=lambda each: each.name if isinstance(each, Parameter | Secret) else "",
)
def test_an_answer_is_of_what_was_asked_for(asked: Parameter | Secret, answer: Response) -> None:
    """However AWS, or an emulator that leaves out what is optional, names it."""
    assert isinstance(asked.read(answer), Found)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (Parameter("/a"), parameter("/b")),
        (Parameter("/a/b"), parameter("/b")),
        (Parameter(f"{ARN}/a"), parameter("/a/a")),
        (Parameter(f"{ARN}/a-backup"), parameter("/a")),
        (Secret("db-backup"), of_secret("db")),
        (Secret("db"), of_secret("db-backup")),
        (Secret(f"{SECRET_ARN}:db"), of_secret("prod/db")),
        # Another account's, or another region's.
        (Parameter(f"{ARN}/a"), parameter("/a", f"arn:aws:ssm:{OTHER_ACCOUNT}:parameter/a")),
        (Parameter(f"{ARN}/a"), parameter("/a", f"arn:aws:ssm:{OTHER_REGION}:parameter/a")),
        (Secret(f"{SECRET_ARN}:db-AbCdEf"), of_secret("db", OTHER_ACCOUNT)),
        (Secret(f"{SECRET_ARN}:db"), of_secret("db", OTHER_REGION)),
        (Secret(f"{SECRET_ARN}:db-GhIjKl"), of_secret("db")),
        # Another version.
        (Parameter("/a", "7"), parameter("/a")),
        (Parameter("/a", "7"), parameter("/a", Selector=":7")),
        (Parameter("/a", "stable"), parameter("/a", Selector=":blue")),
        (Parameter("/a", "stable"), parameter("/a", Selector=":3")),
        (Parameter("/a"), parameter("/a", Selector=":3")),
        (Secret("db", version_id="v-2"), of_secret("db")),
        (Secret("db", version_stage="BLUE"), of_secret("db")),
        (Secret("db", version_stage="AWSCURRENT"), of_secret("db", VersionStages=None)),
        (Secret("db"), of_secret("db", VersionStages=["AWSPREVIOUS"])),
        (Secret("db", "v-1", "BLUE"), of_secret("db")),
    ],
    ids=lambda each: each.name if isinstance(each, Parameter | Secret) else "",
)
def test_an_answer_of_another_name_or_version_is_no_value(
    asked: Parameter | Secret, answer: Response
) -> None:
    """It is the answer to another call, and may be right the next time."""
    failed = asked.read(answer)
    assert isinstance(failed, Failed)
    assert failed.transient
    assert failed.detail.startswith(f"{asked.text()} was asked for, and ")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (Secret(f"{SECRET_ARN}:db-AbCdEf"), {"Name": "db", "ARN": f"{SECRET_ARN}:db-GhIjKl"}),
        (Secret("db"), {"Name": "db", "ARN": f"{SECRET_ARN}:db-GhIjKl", "VersionStages": ["BLUE"]}),
    ],
)
def test_a_batch_is_held_against_the_question_too(asked: Secret, answer: dict[str, object]) -> None:
    """What it answers to another question is asked for alone."""
    values = ok({"SecretValues": [secret(SecretString="value", **answer)]})
    assert SecretsManager().read_batch(values, (asked,)) == {}
