"""Errors as AWS's JSON services answer them."""

import json

from tests.fakes.http_service import Response

CONTENT_TYPE = "application/x-amz-json-1.1"


class AwsError(Exception):
    """A refusal: raised anywhere in a fake, answered as AWS JSON 1.1.

    Args:
        kind: What `__type` holds, such as `ParameterNotFound`; a prefix with `#` may stand before.
        message: The words; left out of the body when empty, as SSM does for ParameterNotFound.
        status: The HTTP status; 400 for all but the service's own failures.
        key: `message`, or `Message` where the service writes it so: botocore reads both.
    """

    def __init__(
        self, kind: str, message: str = "", *, status: int = 400, key: str = "message"
    ) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.status = status
        self.key = key

    def response(self) -> Response:
        """The answer on the wire."""
        body = {"__type": self.kind} | ({self.key: self.message} if self.message else {})
        return Response(self.status, json.dumps(body).encode(), CONTENT_TYPE)


def constraint(value: str, field: str, rule: str) -> AwsError:
    """A ValidationException in the words AWS has for a broken constraint.

    The wording is quoted in github.com/remind101/ssm-env/issues/10.
    """
    text = f"1 validation error detected: Value {value} at '{field}' failed to satisfy constraint"
    return AwsError("ValidationException", f"{text}: {rule}")
