"""What is final: the codes that AWS documents for this question, and nothing else."""

import json

import botocore.session
import pytest
from botocore.retries import standard
from hypothesis import given
from hypothesis import strategies as st

from extension.http.failure import Failed
from extension.http.messages import Response
from extension.sources.responses import error_codes
from extension.sources.responses.errors import read_error
from tests.fakes.aws_answers import failed

# botocore's tables; its types don't know them.
TRANSIENT = vars(standard.TransientRetryableChecker)["_TRANSIENT_ERROR_CODES"]
TRANSIENT_STATUSES = vars(standard.TransientRetryableChecker)["_TRANSIENT_STATUS_CODES"]
THROTTLED = vars(standard.ThrottledRetryableChecker)["_THROTTLED_ERROR_CODES"]
STATUSES = [200, 204, 302, 400, 401, 403, 404, 407, 408, 413, 421, 425, 429, 451, 500, 503]
ACTIONS = {
    "ssm": ("GetParameter", "GetParameters", "GetParametersByPath"),
    "secretsmanager": ("GetSecretValue", "BatchGetSecretValue"),
}
# Of the errors that the services' models name for these actions, those that may pass.
MAY_PASS = {
    "InternalServerError",
    "InternalServiceError",
    "InvalidNextToken",  # a token grows old: the pages are read again
    "InvalidNextTokenException",
}


def retried_by_botocore() -> set[str]:
    """The codes that botocore's retry modes take for passing, of any service."""
    table = botocore.session.get_session().get_data("_retry")
    rules = [*table["definitions"].values()]
    for policies in table["retry"].values():
        for group in policies.values():
            rules += group.get("policies", {}).values() if isinstance(group, dict) else ()
    in_table = {
        rule["applies_when"]["response"]["service_error_code"]
        for rule in rules
        if "service_error_code" in rule.get("applies_when", {}).get("response", {})
    }
    assert "TransactionInProgressException" in THROTTLED
    assert "ThrottlingException" in in_table
    return {*TRANSIENT, *THROTTLED, *in_table}


def test_error_that_botocore_retries_is_never_final() -> None:
    """Whatever service it retries it for."""
    assert not error_codes.FINAL & retried_by_botocore()


def test_throttling_error_of_botocore_is_throttling_here() -> None:
    """So that a quota is named where one is reached."""
    assert set(THROTTLED) <= error_codes.THROTTLED


@pytest.mark.parametrize("status", TRANSIENT_STATUSES)
def test_a_status_that_botocore_retries_is_never_final(status: int) -> None:
    """Though its body names a final code."""
    assert read_error(*failed(status, "ParameterNotFound"), "/a").transient


@pytest.mark.parametrize(
    ("service", "action"),
    [(service, action) for service, actions in ACTIONS.items() for action in actions],
)
def test_each_error_of_the_service_s_model_is_final_or_known_to_pass(
    service: str, action: str
) -> None:
    """So that one which AWS adds is looked at once."""
    model = botocore.session.get_session().get_service_model(service).operation_model(action)
    codes = {
        shape.metadata.get("error", {}).get("code", shape.name) for shape in model.error_shapes
    }
    assert codes
    assert codes - error_codes.FINAL <= MAY_PASS
    assert not codes & error_codes.FINAL & MAY_PASS


@pytest.mark.parametrize(
    "code",
    [
        "InternalFailure",
        "RequestTimeout",
        "PriorRequestNotComplete",
        "TransactionInProgressException",
        "EC2ThrottledException",
        "ThrottlingException:http://internal.amazon.com/coral/com.amazonaws.ssm/",
        "com.amazonaws.ssm#ThrottlingException:http://internal.amazon.com/coral/",
        "ServiceUnavailable",
        "RequestAbortedException",
        "SomethingOfNextYear",
        "accessdeniedexception",
        "AccessDeniedExceptions",
        "",
    ],
)
def test_a_code_that_is_not_known_to_be_final_may_pass(code: str) -> None:
    """In the body or in the header alone, with status 400."""
    in_header = Response(400, body=b'{"message": "why"}', fields={"x-amzn-errortype": code})
    assert read_error(*failed(400, code), "/a").transient
    assert read_error(in_header, {"message": "why"}, "/a").transient


@pytest.mark.parametrize(
    ("body", "status"),
    [
        *((b"<html>busy</html>", status) for status in STATUSES),
        *((b"", status) for status in STATUSES),
        (b'{"__type": "ParameterNotFo', 400),
        (b'["ParameterNotFound"]', 400),
        (b'"ParameterNotFound"', 400),
        (b'{"__type": 404}', 400),
        (b'{"message": "ParameterNotFound"}', 400),
        (b'{"error": "denied"}', 403),
    ],
)
def test_unknown_error_of_the_service_is_transient(body: bytes, status: int) -> None:
    """A proxy's page, an answer that was cut short, another program's JSON."""
    for headers in ((), (("content-type", "text/html"),)):
        outcome = read_error(Response(status, headers, body, dict(headers)), None, "/a")
        assert outcome.transient
        assert str(status) in outcome.detail
        assert "proxy" in outcome.hint or status == 429


def test_a_final_code_in_a_header_needs_a_body_that_is_an_error_of_the_service() -> None:
    """Be it one without a code of its own; an empty one may have been lost on the way."""
    header = {"x-amzn-errortype": "AccessDeniedException:http://internal.amazon.com/"}
    assert read_error(Response(400, fields=header, body=b"{}"), {}, "/a").kind == "denied"
    for body in (b"", b"<html>", b'{"__type": "Acc'):
        assert read_error(Response(400, fields=header, body=body), None, "/a").transient


@pytest.mark.parametrize("code", sorted(error_codes.FINAL))
@pytest.mark.parametrize("status", STATUSES)
def test_a_final_code_needs_a_status_that_fits(code: str, status: int) -> None:
    """Of the client's errors, those that AWS gives."""
    outcome = read_error(*failed(status, code), "/a")
    assert outcome.transient == (status not in (400, 401, 403, 404))


@given(st.integers(100, 599), st.text(max_size=80), st.binary(max_size=80), st.booleans())
def test_any_error_is_final_only_by_its_code(
    status: int, code: str, body: bytes, in_header: bool
) -> None:
    """And its detail is never longer than what there was."""
    fields = {"x-amzn-errortype": code} if in_header else {}
    reply = None if in_header else {"__type": code}
    response = Response(status, (), body if in_header else json.dumps(reply).encode(), fields)
    outcome = read_error(response, reply, "/a")
    assert isinstance(outcome, Failed)
    name = code.partition(":")[0].rpartition("#")[2].strip()
    if not outcome.transient:
        assert name in error_codes.FINAL
