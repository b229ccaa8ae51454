"""`warmkey put`, where it can't store: what it says, and that it says no secret."""

import pytest
from click.testing import Result

from tests.fakes.operator import CANARY, PROFILE, Operator

NAME = "/stripeSecretKey/live"


def put(operator: Operator, *arguments: str, value: str = CANARY) -> Result:
    """Put a value that stands on standard input."""
    given = ("--profile", PROFILE, "--yes", *arguments)
    return operator.run("put", NAME, *given, standard_input=value)


def test_an_operator_who_may_see_nothing_is_told_what_to_grant(operator: Operator) -> None:
    """Whether it is there decides whether it may be stored."""
    operator.deny("ssm.DescribeParameters")
    operator.deny("ssm.GetParameter")
    result = put(operator)
    assert result.exit_code == 1
    assert "is stored already; grant ssm:DescribeParameters, or ssm:GetParameter" in result.stderr


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("InvalidKeyId", "name the key by ARN, id or alias/NAME"),
        ("AccessDeniedException", "grant ssm:PutParameter on it, and kms:Encrypt on its key"),
        ("ParameterAlreadyExists", "somebody else has just stored it"),
        ("ThrottlingException", ""),
    ],
)
def test_a_refusal_by_aws_is_told_without_the_value(
    operator: Operator, code: str, remedy: str
) -> None:
    """AWS's own words may repeat what it was told."""
    operator.fail("ssm.PutParameter", code, f"Value '{CANARY}' at 'value' failed")
    result = put(operator)
    assert result.exit_code == 1
    assert f"PutParameter: {code}: Value '…' at 'value' failed" in result.stderr
    assert remedy in result.stderr


@pytest.mark.parametrize(
    ("size", "arguments", "complaint"),
    [
        (
            8193,
            [],
            "the value has 8193 characters, and Parameter Store allows 8192; keep it in "
            "Secrets Manager",
        ),
        (
            4097,
            ["--tier", "Standard"],
            "the value has 4097 characters; the tier Standard allows 4096; pass --tier Advanced "
            "(8192 characters, a monthly charge, irreversible)",
        ),
    ],
)
def test_a_value_that_does_not_fit_says_what_does(
    operator: Operator, size: int, arguments: list[str], complaint: str
) -> None:
    """With what it costs."""
    assert complaint in put(operator, *arguments, value="x" * size).stderr


def test_a_larger_value_does_not_raise_the_tier(operator: Operator) -> None:
    """That costs something each month, so somebody has to ask for it."""
    put(operator)
    assert "the value has 4097 characters; the tier Standard allows 4096" in (
        put(operator, "--overwrite", value="x" * 4097).stderr
    )


def test_a_tier_that_aws_finds_too_small_says_which_fits(operator: Operator) -> None:
    """Unless one is named, it is the account's default, which need not be Standard."""
    operator.fail("ssm.PutParameter", "ValidationException", "Standard tier parameters support …")
    assert "pass --tier Advanced (8192 characters, a monthly charge, irreversible)" in (
        put(operator, value="x" * 4097).stderr
    )


def test_an_advanced_parameter_stays_one(operator: Operator) -> None:
    """AWS offers no way back."""
    put(operator, "--tier", "Advanced")
    result = put(operator, "--overwrite", "--tier", "Standard")
    assert "is Advanced, which can't become Standard again; leave --tier out" in result.stderr


@pytest.mark.parametrize("arguments", [(NAME, CANARY), (f"{NAME}={CANARY}",)])
def test_the_value_is_no_argument(operator: Operator, arguments: tuple[str, ...]) -> None:
    """It would stand in the shell's history; the message does not repeat it."""
    result = operator.run("put", *arguments)
    assert result.exit_code
    assert "the value is never an argument" in result.stderr
    assert CANARY not in result.output
    assert operator.client("ssm").describe_parameters()["Parameters"] == []
