"""The fake Parameter Store, read by the real SDK as AWS's reference says it may be."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes import sdk
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.parameter import Key

LIVE = "/stripeSecretKey/live"


@pytest.fixture(params=["http", "tls"])
def aws(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakeAws]:
    """The fake with one secret of two versions, over HTTP and over TLS."""
    certificate = Authority(tmp_path).issue() if request.param == "tls" else None
    with FakeAws(certificate) as running:
        running.parameters.put(LIVE, "canary-old", labels=["stable"])
        running.parameters.put(LIVE, "canary-new")
        yield running


@pytest.fixture
def ssm(aws: FakeAws) -> Iterator[Any]:
    """The SDK's client."""
    with sdk.client(aws) as client:
        yield client


def test_a_parameter_has_the_fields_of_the_reference(aws: FakeAws, ssm: Any) -> None:
    """No Selector where none was asked for, and no SourceResult."""
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1)
    parameter = ssm.get_parameter(Name=LIVE, WithDecryption=True)["Parameter"]
    assert before < parameter.pop("LastModifiedDate")
    assert parameter == {
        "ARN": f"arn:aws:ssm:{aws.region}:123456789012:parameter{LIVE}",
        "DataType": "text",
        "Name": LIVE,
        "Type": "SecureString",
        "Value": "canary-new",
        "Version": 2,
    }


@pytest.mark.parametrize("request_", [{}, {"WithDecryption": False}])
def test_a_secure_string_stays_encrypted_unless_asked(ssm: Any, request_: dict[str, bool]) -> None:
    """WithDecryption is false where it is absent."""
    value = ssm.get_parameter(Name=LIVE, **request_)["Parameter"]["Value"]
    assert value.startswith("AQICAH")
    assert "canary" not in value


def test_a_plain_string_needs_no_decryption(aws: FakeAws, ssm: Any) -> None:
    """String and StringList ignore WithDecryption."""
    aws.parameters.put("plain", "a,b", "StringList")
    assert ssm.get_parameter(Name="plain")["Parameter"]["Value"] == "a,b"


@pytest.mark.parametrize(
    ("selector", "value", "version"),
    [(":1", "canary-old", 1), (":stable", "canary-old", 1), (":2", "canary-new", 2)],
)
def test_a_selector_comes_back_beside_the_name(
    ssm: Any, selector: str, value: str, version: int
) -> None:
    """A version or a label is split off the name and returned with its colon."""
    parameter = ssm.get_parameter(Name=LIVE + selector, WithDecryption=True)["Parameter"]
    found = parameter["Name"], parameter["Selector"], parameter["Value"], parameter["Version"]
    assert found == (LIVE, selector, value, version)


def test_a_label_moves(aws: FakeAws, ssm: Any) -> None:
    """What a label names is looked up at each read."""
    aws.parameters.label(LIVE, "stable", 2)
    parameter = ssm.get_parameter(Name=f"{LIVE}:stable", WithDecryption=True)["Parameter"]
    assert parameter["Value"] == "canary-new"


@pytest.mark.parametrize("selector", ["", ":1"])
@pytest.mark.parametrize("name", [LIVE, "flat"])
def test_a_parameter_is_found_by_its_arn(aws: FakeAws, ssm: Any, name: str, selector: str) -> None:
    """The answer carries the plain name, and the selector where there is one."""
    aws.parameters.put("flat", "canary-flat")
    arn = ssm.get_parameter(Name=name)["Parameter"]["ARN"]
    parameter = ssm.get_parameter(Name=arn + selector)["Parameter"]
    assert (parameter["Name"], parameter.get("Selector", "")) == (name, selector)


def test_a_batch_is_not_in_the_order_of_its_names(aws: FakeAws, ssm: Any) -> None:
    """Whoever leans on the order is caught."""
    aws.parameters.put("/a", "1")
    answer = ssm.get_parameters(Names=["/a", LIVE, f"{LIVE}:1"])
    found = [(item["Name"], item.get("Selector")) for item in answer["Parameters"]]
    assert found == [(LIVE, ":1"), (LIVE, None), ("/a", None)]


def test_names_that_lead_nowhere_are_invalid_parameters(ssm: Any) -> None:
    """An unknown name, version or label does not fail its batch."""
    names = ["/no", f"{LIVE}:9", f"{LIVE}:no", LIVE]
    answer = ssm.get_parameters(Names=names)
    assert sorted(answer["InvalidParameters"]) == sorted(names[:3])
    assert [item["Name"] for item in answer["Parameters"]] == [LIVE]


def test_eleven_names_are_too_many(ssm: Any) -> None:
    """GetParameters takes ten, and says so in AWS's words."""
    with pytest.raises(ClientError) as refused:
        ssm.get_parameters(Names=[f"/{n}" for n in range(11)])
    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "1 validation error detected: Value '[/0, /1, /2, /3, /4, /5, /6, /7, /8, /9, "
        "/10]' at 'names' failed to satisfy constraint: Member must have length less than or "
        "equal to 10",
    }


def test_an_unknown_parameter_is_not_found(ssm: Any) -> None:
    """ParameterNotFound comes without a message, as in life."""
    with pytest.raises(ssm.exceptions.ParameterNotFound) as refused:
        ssm.get_parameter(Name="/no")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert refused.value.response["Error"]["Message"] == ""


@pytest.mark.parametrize(("selector", "kind"), [("9", "version"), ("no", "label")])
def test_an_unknown_version_is_not_found(ssm: Any, selector: str, kind: str) -> None:
    """The message names what was asked for."""
    with pytest.raises(
        ssm.exceptions.ParameterVersionNotFound, match=f"could not find {kind} {selector} .*{LIVE}"
    ):
        ssm.get_parameter(Name=f"{LIVE}:{selector}")


def test_a_name_with_a_space_is_not_valid(ssm: Any) -> None:
    """The name is refused before it is looked up."""
    with pytest.raises(ClientError, match=r"\(ValidationException\).*Parameter name: can't be"):
        ssm.get_parameter(Name="/my key")


def test_a_disabled_key_fails_the_whole_batch(aws: FakeAws, ssm: Any) -> None:
    """InvalidKeyId, though the other parameter is well."""
    aws.parameters.put("/well", "canary-well")
    aws.parameters.set_key(LIVE, Key.DISABLED)
    with pytest.raises(ssm.exceptions.InvalidKeyId, match="is disabled"):
        ssm.get_parameters(Names=["/well", LIVE], WithDecryption=True)


def test_a_disabled_key_does_not_hinder_reading_the_ciphertext(aws: FakeAws, ssm: Any) -> None:
    """KMS is asked only to decrypt."""
    aws.parameters.set_key(LIVE, Key.DISABLED)
    assert ssm.get_parameter(Name=LIVE)["Parameter"]["Version"] == 2


def test_a_key_that_may_not_be_used_denies_access(aws: FakeAws, ssm: Any) -> None:
    """Without kms:Decrypt it is AccessDeniedException, in KMS's words."""
    aws.parameters.set_key(LIVE, Key.DENIED)
    with pytest.raises(ClientError, match=r"\(AccessDeniedException\).*not allowed to access"):
        ssm.get_parameter(Name=LIVE, WithDecryption=True)


def test_a_path_is_read_in_pages_of_ten(aws: FakeAws, ssm: Any) -> None:
    """The SDK's paginator collects them all, in three calls."""
    names = [f"/app/prod/{n:02}" for n in range(21)]
    for name in names:
        aws.parameters.put(name, "canary")
    pages = list(ssm.get_paginator("get_parameters_by_path").paginate(Path="/app/prod"))
    assert [len(page["Parameters"]) for page in pages] == [10, 10, 1]
    assert [item["Name"] for page in pages for item in page["Parameters"]] == names


def test_a_page_may_be_empty_and_not_the_last(aws: FakeAws, ssm: Any) -> None:
    """It still has its NextToken, and nothing is lost."""
    aws.parameters.put("/app/x", "canary")
    aws.parameters.empty_pages = 2
    pages = list(ssm.get_paginator("get_parameters_by_path").paginate(Path="/app/"))
    assert [len(page["Parameters"]) for page in pages] == [0, 0, 1]


@pytest.mark.parametrize(
    ("recursive", "names"), [(False, ["/app/x"]), (True, ["/app/db/password", "/app/x"])]
)
def test_a_path_goes_down_only_if_told(
    aws: FakeAws, ssm: Any, recursive: bool, names: list[str]
) -> None:
    """`/application` is not under `/app`."""
    for name in ("/app/x", "/app/db/password", "/application/y"):
        aws.parameters.put(name, "canary")
    answer = ssm.get_parameters_by_path(Path="/app", Recursive=recursive)
    assert [item["Name"] for item in answer["Parameters"]] == names


def test_a_foreign_page_token_is_refused(ssm: Any) -> None:
    """InvalidNextToken."""
    with pytest.raises(ssm.exceptions.InvalidNextToken):
        ssm.get_parameters_by_path(Path="/app", NextToken="mine")


def test_a_deleted_parameter_is_gone(aws: FakeAws, ssm: Any) -> None:
    """Reads after the deletion find nothing."""
    aws.parameters.delete(LIVE)
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name=LIVE)
