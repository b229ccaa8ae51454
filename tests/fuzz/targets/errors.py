"""`errors.read_error`: final only by a code that is known, and never long or on two lines."""

import json

from extension.http.messages import Response
from extension.sources.responses import error_codes
from extension.sources.responses.errors import read_error
from tests.fuzz.answers import assert_failed_safely
from tests.fuzz.target import Target

_STATUSES = (302, 400, 403, 404, 429, 500, 503)


def attempt(data: bytes) -> None:
    """Read an error whose first line is what the header says, and whose rest is the body."""
    line, _, body = data.partition(b"\n")
    written = line.decode("latin-1").strip()
    fields = {"x-amzn-errortype": written} if written else {}
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        reply = None
    known = reply if isinstance(reply, dict) else None
    for status in _STATUSES:
        failed = read_error(Response(status, (), body, fields), known, "/a")
        assert_failed_safely(failed)
        assert failed.detail.isprintable()
        assert len(failed.detail) < 500
        if not failed.transient:
            assert status in (400, 403, 404)
            assert failed.detail.partition(": ")[0] in error_codes.FINAL
            assert known is not None or not body.strip()


TARGET = Target(
    "errors",
    attempt,
    [
        *('{"__type": "', '"message": "', '"Message": "', '"code": "', "#", ":http://", "\\u001b"),
        *("ParameterNotFound", "AccessDeniedException", "ThrottlingException", "InternalFailure"),
    ],
    json=True,
    longest=4096,
)
