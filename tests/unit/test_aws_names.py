"""Whether an answer is of the name that was asked for, in every form of a name that there is."""

import pytest

from extension.http.failure import Failed, Kind
from extension.http.messages import Response
from extension.sources.outcome import Found
from extension.sources.parameter import Parameter
from extension.sources.secretsmanager import Secret
from tests.unit.aws_answers import UNEXPECTED, item, ok, secret

ACCOUNT = "eu-west-1:123456789012"
OTHER_ACCOUNT = "eu-west-1:000000000000"
ARN = f"arn:aws:ssm:{ACCOUNT}:parameter"
SECRET_ARN = f"arn:aws:secretsmanager:{ACCOUNT}:secret"
REFERRED = "/aws/reference/secretsmanager/db"


def parameter(name: str, arn: str = "") -> Response:
    """An answer of SSM."""
    return ok({"Parameter": item(Name=name, ARN=arn or f"{ARN}/{name.lstrip('/')}")})


def of_secret(name: str, account: str = ACCOUNT) -> Response:
    """An answer of Secrets Manager."""
    arn = f"arn:aws:secretsmanager:{account}:secret:{name}-AbCdEf"
    return ok(secret(Name=name, ARN=arn, SecretString="value"))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (Parameter("/a/b"), parameter("/a/b")),
        (Parameter("/a/b", "3"), parameter("/a/b")),
        (Parameter("/a/b", "stable"), parameter("/a/b")),
        (Parameter("name"), parameter("name")),
        (Parameter("name"), parameter("/name")),
        (Parameter(f"{ARN}/a/b"), parameter("/a/b")),
        (Parameter(f"{ARN}/a/b", "3"), parameter("/a/b")),
        (Parameter(f"{ARN}/name"), parameter("name")),
        (Parameter(f"{ARN}/name"), parameter(f"{ARN}/name")),
        (Parameter(f"{ARN}/a"), parameter("/a", f"arn:aws:ssm:{OTHER_ACCOUNT}:parameter/a")),
        (Parameter(REFERRED), parameter(REFERRED, f"{SECRET_ARN}:db-AbCdEf")),
        (Parameter(REFERRED, "v-1"), parameter(f"{REFERRED}:v-1", f"{SECRET_ARN}:db-AbCdEf")),
        (Secret("prod/db"), of_secret("prod/db")),
        (Secret("/db", version_id="1"), of_secret("/db")),
        (Secret(f"{SECRET_ARN}:prod/db-AbCdEf"), of_secret("prod/db")),
        (Secret(f"{SECRET_ARN}:prod/db"), of_secret("prod/db")),
        (Secret(f"{SECRET_ARN}:db-GhIjKl", version_stage="A"), of_secret("db", OTHER_ACCOUNT)),
    ],
    ids=lambda each: each.name if isinstance(each, Parameter | Secret) else "",
)
def test_an_answer_is_of_what_was_asked_for(asked: Parameter | Secret, answer: Response) -> None:
    """However AWS, or an emulator with accounts and suffixes of its own, names it."""
    assert isinstance(asked.read(answer), Found)


@pytest.mark.parametrize(
    ("asked", "answer", "name"),
    [
        (Parameter("/a"), parameter("/b"), "/b"),
        (Parameter("/a/b"), parameter("/b"), "/b"),
        (Parameter(f"{ARN}/a"), parameter("/a/a"), "/a/a"),
        (Parameter(f"{ARN}/a-backup"), parameter("/a"), "/a"),
        (Secret("db-backup"), of_secret("db"), "db"),
        (Secret("db"), of_secret("db-backup"), "db-backup"),
        (Secret(f"{SECRET_ARN}:db"), of_secret("prod/db"), "prod/db"),
    ],
    ids=lambda each: each.name if isinstance(each, Parameter | Secret) else "",
)
def test_an_answer_of_another_name_is_no_value(
    asked: Parameter | Secret, answer: Response, name: str
) -> None:
    """It is the answer to another call, and may be right the next time."""
    failed = Failed(Kind.INVALID, f"{asked.name} was asked for, and {name} was answered")
    assert asked.read(answer) == failed


def test_an_answer_of_another_service_is_no_value() -> None:
    """Whatever it holds."""
    assert Parameter("db").read(of_secret("db")) == UNEXPECTED
    assert Secret("/a").read(parameter("/a")) == UNEXPECTED
