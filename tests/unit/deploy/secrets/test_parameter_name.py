"""Names under which a parameter can be stored."""

import pytest

from warmkey.deploy.output.failure import Failure
from warmkey.deploy.secrets.stores import parameter_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/stripeSecretKey/live", "/stripeSecretKey/live"),
        ("ssm:/a/b", "/a/b"),
        ("name", "name"),
        ("ssm:name.with-all_signs", "name.with-all_signs"),
        ("/" + "/".join("a" * 15), "/" + "/".join("a" * 15)),
        ("/my-aws/key", "/my-aws/key"),
    ],
)
def test_a_name_is_taken_as_references_write_it(text: str, name: str) -> None:
    """So that what was put can be declared."""
    assert parameter_name.check(text) == name


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("/key/{stage}", "stands for several parameters; put each of them by its own name"),
        ("/a:3", "is not the name of one parameter"),
        ("/a#field", "is not the name of one parameter"),
        ("ssm:/app/*", "is not the name of one parameter"),
        ("secretsmanager:db", "is not the name of one parameter"),
        ("arn:aws:ssm:eu-west-1:123456789012:parameter/a", "is not the name of one parameter"),
        ("/a b", "is not allowed in a name"),
        ("", "the name is empty"),
        ("a/b", "has levels and must begin with /; write /a/b"),
        ("/a//b", "has an empty level"),
        ("/a/", "has an empty level"),
        ("/AWS/b", "begins with aws or ssm, which AWS reserves"),
        ("ssm-key", "begins with aws or ssm"),
        ("/" + "/".join("a" * 16), "has 16 levels; SSM allows 15"),
        ("a" * 1012, "has 1012 characters; SSM allows 1011"),
    ],
)
def test_a_text_that_is_no_name_is_refused_with_what_to_do(text: str, complaint: str) -> None:
    """Before anybody types a secret."""
    with pytest.raises(Failure) as refused:
        parameter_name.check(text)
    assert complaint in refused.value.message
