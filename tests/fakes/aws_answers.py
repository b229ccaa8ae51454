"""What AWS answers, put together for tests."""

import json

from extension.http.failure import Failed, Kind
from extension.http.messages import Response
from extension.sources.responses.outcome import Found

PARAMETER_ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter/a"
UNEXPECTED = Failed(Kind.INVALID, "the service's answer is not the JSON that was expected")


def item(**members: object) -> dict[str, object]:
    """A parameter in an answer."""
    return {
        "ARN": PARAMETER_ARN,
        "DataType": "text",
        "LastModifiedDate": 1700000000.25,
        "Name": "/a",
        "Type": "SecureString",
        "Value": "value",
        "Version": 3,
        **members,
    }


def secret(**members: object) -> dict[str, object]:
    """A secret in an answer."""
    return {
        "ARN": "arn:s",
        "CreatedDate": 1700000000.5,
        "Name": "db",
        "VersionId": "v-1",
        "VersionStages": ["AWSCURRENT"],
        **members,
    }


def ok(body: object) -> Response:
    """An answer of status 200."""
    return Response(200, (), json.dumps(body).encode())


def batch(*items: object, invalid: object = ()) -> Response:
    """An answer to GetParameters."""
    return ok({"Parameters": items, "InvalidParameters": invalid})


def found(outcome: object) -> Found:
    """The outcome, which must be a value."""
    assert isinstance(outcome, Found)
    return outcome


def failed(status: int, code: str, message: str = "") -> tuple[Response, dict[str, object]]:
    """An error's answer, and its JSON."""
    reply: dict[str, object] = {"__type": code, **({"message": message} if message else {})}
    return Response(status, (), json.dumps(reply).encode()), reply
