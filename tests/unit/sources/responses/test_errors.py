"""Errors of AWS, sorted by what a reader can do about them."""

import pytest

from extension.http.failure import Failed
from extension.http.messages import Response
from extension.sources.parameter import Parameter
from extension.sources.responses.errors import read_error
from extension.sources.secretsmanager import Secret
from tests.fakes.aws_answers import failed as error

ROLE = "User: arn:aws:sts::123456789012:assumed-role/role/function is not authorized to perform: "
RESOURCE = "arn:aws:ssm:eu-west-1:123456789012:parameter/a"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ParameterNotFound", "missing"),
        ("ParameterVersionNotFound", "missing"),
        ("ResourceNotFoundException", "missing"),
        ("AccessDeniedException", "denied"),
        ("InvalidKeyId", "denied"),
        ("DecryptionFailure", "denied"),
        ("ThrottlingException", "throttled"),
        ("RequestLimitExceeded", "throttled"),
        ("KMSThrottlingException", "throttled"),
        ("SlowDown", "throttled"),
        ("RequestExpired", "expired"),
        ("RequestInTheFuture", "expired"),
        ("RequestTimeTooSkewed", "expired"),
        ("ExpiredTokenException", "expired"),
        ("UnrecognizedClientException", "unauthenticated"),
        ("InvalidSignatureException", "unauthenticated"),
        ("ValidationException", "refused"),
        ("InvalidRequestException", "refused"),
    ],
)
def test_an_error_is_sorted_by_its_code(code: str, kind: str) -> None:
    """With or without a prefix; the detail gives code and message."""
    for written in (code, f"com.amazonaws.ssm#{code}"):
        failed = read_error(*error(400, written, "why"), "/a")
        assert (failed.kind, failed.detail) == (kind, f"{code}: why")


@pytest.mark.parametrize("code", ["InternalServerError", "InternalServiceError", "anything"])
def test_an_error_of_the_server_s_own_may_pass(code: str) -> None:
    """Status 5xx."""
    assert read_error(*error(500, code), "/a").kind == "broken"


def test_too_many_requests_are_throttling_whatever_the_body_says() -> None:
    """As from a proxy in between."""
    assert read_error(Response(429), None, "/a").kind == "throttled"


@pytest.mark.parametrize("how", ["expired: 2026… is now earlier", "not yet current: 2026… is"])
def test_a_signature_of_another_time_may_pass(how: str) -> None:
    """As after a freeze, or while a clock is wrong; a wrong signature does not."""
    answer = error(400, "InvalidSignatureException", f"Signature {how}")
    assert read_error(*answer, "/a").kind == "expired"


def test_the_message_may_begin_with_a_capital() -> None:
    """IAM's does."""
    assert read_error(Response(400), {"__type": "X", "Message": "why"}, "/a").detail == "X: why"


@pytest.mark.parametrize("reply", [{}, {"__type": "", "message": ""}, {"message": None}])
def test_an_error_that_says_nothing_is_said_by_its_status(reply: dict[str, object]) -> None:
    """Better than nothing."""
    assert read_error(Response(418), reply, "/a").detail == "HTTP status 418: no message"


@pytest.mark.parametrize(
    ("message", "hint"),
    [
        (
            f"{ROLE}ssm:GetParameter on resource: {RESOURCE} because no identity-based policy "
            "allows the ssm:GetParameter action",
            f"grant ssm:GetParameter on {RESOURCE} to the function's role",
        ),
        (
            f"{ROLE}ssm:GetParameter on resource: {RESOURCE} with an explicit deny in a service "
            "control policy",
            f"a policy denies ssm:GetParameter on {RESOURCE}, whatever is granted: change that "
            "policy",
        ),
        (
            f"{ROLE}ssm:GetParameter on resource: arn:aws:ssm:eu-west-1:123456789012:* because",
            "grant ssm:GetParameter on /a to the function's role",
        ),
        (
            f"{ROLE}ssm:GetParameter on resource: {RESOURCE}/KMS because",
            f"grant ssm:GetParameter on {RESOURCE}/KMS to the function's role",
        ),
        (f"{ROLE}kms:Decrypt", "grant kms:Decrypt on /a to the function's role"),
        (
            "The ciphertext refers to a customer master key that does not exist, does not exist in "
            "this region, or you are not allowed to access. (Service: AWSKMS; Status Code: 400)",
            "grant kms:Decrypt on the value's KMS key to the function's role, and enable the key",
        ),
        ("Access denied", "grant the function's role the permission to read /a"),
        ("", "grant the function's role the permission to read /a"),
    ],
)
def test_a_denial_says_what_to_grant(message: str, hint: str) -> None:
    """The action and the resource from IAM's message, as far as it names them."""
    reply = {"__type": "AccessDeniedException", "Message": message}
    assert read_error(Response(400), reply, "/a").hint == hint


def test_a_key_that_can_t_be_used_says_so() -> None:
    """Disabled, deleted, or not granted."""
    assert "kms:Decrypt" in read_error(*error(400, "InvalidKeyId"), "/a").hint


def test_missing_secret_is_named_by_its_service() -> None:
    """With the command that lists what there is."""
    parameter, secret = Parameter("/a").missing(), Secret("db").missing()
    assert parameter.detail == "SSM parameter /a does not exist in this account and region"
    assert "aws ssm describe-parameters" in parameter.hint
    assert secret.detail == "secret db does not exist in this account and region"
    version = Secret("db", version_stage="BLUE").missing()
    assert (
        version.detail == "secret db with versionStage BLUE does not exist, though the secret does"
    )
    assert "list-secret-version-ids" in version.hint
    assert "aws secretsmanager list-secrets" in secret.hint
    assert parameter.kind == secret.kind == "missing"


def test_a_secret_that_is_marked_for_deletion_can_be_restored() -> None:
    """Which is said."""
    message = "You can't perform this operation on the secret because it was marked for deletion."
    answer = error(400, "InvalidRequestException", message)
    assert read_error(*answer, "db").hint == "restore the secret, or correct the reference"


def said(source: Parameter | Secret, code: str, message: str = "") -> Failed:
    """What a reader is told where AWS answers with an error."""
    outcome = source.read(error(400, code, message)[0])
    assert isinstance(outcome, Failed)
    return outcome


def test_a_secret_that_is_not_there_is_told_from_one_without_a_value() -> None:
    """Each in our words, with AWS's own after them, and with what to do."""
    gone = "Secrets Manager can't find the specified secret."
    empty = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"
    code = "ResourceNotFoundException"
    told = {
        said(Secret("db"), code, gone),
        said(Secret("db"), code, empty),
        said(Secret("db", version_stage="BLUE"), code, empty.replace("AWSCURRENT", "BLUE")),
        said(Secret("db", version_id="v-1"), code, empty),
        said(Secret("db", version_stage="BLUE"), code, gone),
    }
    assert {each.detail for each in told} == {
        f"secret db does not exist in this account and region (AWS: {gone})",
        "secret db with versionStage AWSCURRENT does not exist, though the secret does "
        f"(AWS: {empty})",
        "secret db with versionStage BLUE does not exist, though the secret does "
        f"(AWS: {empty.replace('AWSCURRENT', 'BLUE')})",
        f"secret db with versionId v-1 does not exist, though the secret does (AWS: {empty})",
    }
    assert {each.hint.partition("`")[2].partition("`")[0] for each in told} == {
        "aws secretsmanager list-secrets",
        "aws secretsmanager list-secret-version-ids --secret-id db",
    }


def test_a_parameter_without_that_version_is_told_from_one_that_is_not_there() -> None:
    """SSM has a code for each."""
    version = said(Parameter("/a", "7"), "ParameterVersionNotFound", "could not find it")
    assert version.detail == (
        "SSM parameter /a:7 does not exist, though the parameter does (AWS: could not find it)"
    )
    assert "get-parameter-history --name /a" in version.hint
    gone = said(Parameter("/a", "7"), "ParameterNotFound")
    assert gone.detail == "SSM parameter /a:7 does not exist in this account and region"


def test_missing_secret_elsewhere_is_said_to_be_missing_there() -> None:
    """In the ARN's own region, or in the account of the role that reads it."""
    arn = "arn:aws:ssm:us-east-1:123456789012:parameter/a"
    assert Parameter(arn).missing().detail == (
        f"SSM parameter {arn} does not exist in its account and region"
    )
    role = "arn:aws:iam::210987654321:role/r"
    assert Secret("db", role=role).missing().detail == (
        f"secret db does not exist in the account of {role}"
    )


def test_a_role_that_was_denied_is_named_itself() -> None:
    """The function's own needs no more."""
    message = "User: u is not authorized to perform: ssm:GetParameter on resource: r"
    role = "arn:aws:iam::210987654321:role/r"
    for own, named in (("", "the function's role"), (role, role)):
        failed = said(Parameter("/a", role=own), "AccessDeniedException", message)
        assert failed.hint == f"grant ssm:GetParameter on r to {named}"
        unusable = said(Secret("db", role=own), "KMSAccessDeniedException")
        assert (
            unusable.hint
            == f"grant kms:Decrypt on the value's KMS key to {named}, and enable the key"
        )


def test_aws_s_own_text_is_cut_and_cleaned() -> None:
    """No answer of ours grows with it, and none steers a terminal."""
    failed = said(Parameter("/a"), "ValidationException", "one\r\n\x1b[31mtwo" + "x" * 10_000)
    assert failed.detail.startswith("ValidationException: one   [31mtwox")
    assert failed.detail.endswith("x…")
    assert len(failed.detail) == len("ValidationException: ") + 300
    assert failed.detail.isprintable()
