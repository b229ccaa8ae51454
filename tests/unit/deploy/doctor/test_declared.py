"""The doctor on what is declared: whether it is there, encrypted, and in the right region."""

import pytest

from warmkey.deploy.doctor.checks import references, regions
from warmkey.deploy.doctor.finding import Finding
from warmkey.deploy.secrets.stored import Absent, Entry, Stored
from warmkey.extension.declared.reference import parse
from warmkey.extension.sources.source import Place

PLACE = Place("aws", "eu-central-1", "123456789012")


def look(text: str, entry: Entry) -> list[Finding]:
    """What is found about a reference, by what is stored for it."""
    reference = parse(text)
    return list(references.check([reference, reference], {reference.source: entry}))


def stored(name: str, kind: str) -> Stored:
    """A parameter."""
    return Stored(name, kind, "1", None)


def test_an_encrypted_parameter_and_a_secret_are_fine() -> None:
    """Nothing is said about them."""
    assert look("/a", (stored("/a", "SecureString"),)) == []
    assert look("secretsmanager:a", (stored("a", "secret"),)) == []


def test_a_missing_parameter_is_said_once_with_how_to_store_it() -> None:
    """However often it is declared."""
    [found] = look("/a:3#field", Absent("no such version or label"))
    assert (found.severity, found.problem) == ("error", "/a:3#field: no such version or label")
    assert "store it (warmkey put /a)" in found.remedy
    assert "WARMKEY_REQUIRED" in found.cost


@pytest.mark.parametrize("text", ["/a?optional=true", "secretsmanager:a?default=b"])
def test_optional_secret_is_fine_where_it_does_not_exist(text: str) -> None:
    """But not where it is there and can't be read."""
    assert look(text, Absent("missing")) == []
    [found] = look(text, Absent("scheduled for deletion"))
    assert found.severity == "error"


def test_secret_required_by_one_alias_is_missing_though_optional_for_another() -> None:
    """Whichever comes first."""
    needed, optional = parse("/a"), parse("/a?optional=true")
    for declared in ([needed, optional], [optional, needed]):
        [found] = references.check(declared, {needed.source: Absent("missing")})
        assert found.problem == "/a: missing"


@pytest.mark.parametrize("text", ["secretsmanager:a", "ssm:/a/*"])
def test_a_source_that_put_does_not_store_is_to_be_created(text: str) -> None:
    """A secret of Secrets Manager, or something below a path."""
    [found] = look(text, Absent("missing"))
    assert found.remedy.startswith("create it")


def test_plain_text_is_a_warning() -> None:
    """Each of those below a path by its name."""
    entry = (stored("/app/a", "String"), stored("/app/b", "SecureString"))
    [found] = look("ssm:/app/*", entry)
    assert (found.severity, found.problem) == (
        "warning",
        "/app/a is a String, not a SecureString",
    )
    assert "warmkey put /app/a --overwrite" in found.remedy


def test_a_parameter_that_aws_publishes_is_no_secret() -> None:
    """It can't be encrypted either."""
    name = "/aws/service/global-infrastructure/regions"
    assert look(name, (stored(name, "String"),)) == []


def test_a_source_that_may_not_be_described_is_not_called_fine() -> None:
    """It may be missing."""
    [found] = look("/a:3", Absent("denied", "not you", "ssm:GetParameter"))
    assert (found.severity, found.problem) == (
        "unchecked",
        "ssm:GetParameter was refused: not you",
    )


@pytest.mark.parametrize(
    ("text", "there", "severity"),
    [
        ("arn:aws:ssm:eu-west-1:123456789012:parameter/a", "eu-west-1", "warning"),
        ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf", "eu-west-1", "warning"),
        ("arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a", "cn-north-1", "error"),
    ],
)
def test_another_region_s_arn_costs_the_way_there(text: str, there: str, severity: str) -> None:
    """Another partition's can't be read."""
    [found] = regions.check([parse(text)], PLACE)
    assert found.severity == severity
    assert f"is in {there}, the function in eu-central-1" in found.problem


def test_names_and_arns_of_the_function_s_region_can_be_read() -> None:
    """Another account's may be shared."""
    shared = "arn:aws:ssm:eu-central-1:210987654321:parameter/a"
    assert list(regions.check([parse("/a"), parse(shared)], PLACE)) == []
