"""Attachment: what a function becomes, and why it doesn't."""

from dataclasses import replace

import pytest

from tests.unit.deploy.described import (
    AWS_EXTENSION,
    NOTHING,
    OLDER,
    VERSION,
    WARMKEY,
    function,
    other,
)
from warmkey.deploy.functions import record
from warmkey.deploy.functions.attachment import AttachRequest, attach
from warmkey.deploy.layers.layer import LayerVersion
from warmkey.deploy.output.failure import Failure


def test_the_layer_comes_after_those_that_are_there() -> None:
    """Layers are unpacked in their order, and a later one wins; nobody else's may change."""
    after = attach(function(other("b"), other("a")), VERSION, NOTHING)
    assert after.layers == (other("b"), other("a"), WARMKEY)


def test_an_older_version_is_replaced_where_it_is() -> None:
    """It is one in whatever architecture, and may have been published by hand."""
    for older in (OLDER, other("warmkey"), other("warmkey-arm64")):
        after = attach(function(other("a"), older, other("b")), VERSION, NOTHING)
        assert after.layers == (other("a"), WARMKEY, other("b"))


def test_several_older_versions_become_one() -> None:
    """Lambda takes a layer once."""
    after = attach(function(OLDER, other("a"), other("warmkey")), VERSION, NOTHING)
    assert after.layers == (WARMKEY, other("a"))


def test_a_sixth_layer_is_refused() -> None:
    """And those that are there are named."""
    with pytest.raises(Failure, match=r"5 layers already.*: a, b, c, d, e; remove one"):
        attach(function(*map(other, "abcde")), VERSION, NOTHING)


def test_a_fifth_layer_and_the_replacement_of_one_of_five_are_not() -> None:
    """Five is what Lambda takes."""
    assert len(attach(function(*map(other, "abcd")), VERSION, NOTHING).layers) == 5
    assert len(attach(function(OLDER, *map(other, "abcd")), VERSION, NOTHING).layers) == 5


def test_aws_extension_is_not_removed_unasked() -> None:
    """The way to have it replaced is told, and the way to keep it."""
    with pytest.raises(Failure, match=r"same port: .*pass --replace-aws-extension .*WARMKEY_PORT"):
        attach(function(AWS_EXTENSION), VERSION, NOTHING)


def test_aws_extension_makes_place() -> None:
    """Warmkey answers as it does."""
    request = replace(NOTHING, replace_aws_extension=True)
    after = attach(function(other("a"), AWS_EXTENSION, other("b")), VERSION, request)
    assert after.layers == (other("a"), WARMKEY, other("b"))


def test_aws_extension_may_stay_on_another_port() -> None:
    """Both variables count, as the daemon reads them."""
    after = attach(function(AWS_EXTENSION, variables={"WARMKEY_PORT": "2774"}), VERSION, NOTHING)
    assert after.layers == (AWS_EXTENSION, WARMKEY)
    both = {"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": "2774"}
    with pytest.raises(Failure, match="uses the same port"):
        attach(function(AWS_EXTENSION, variables=both), VERSION, NOTHING)


def test_a_container_image_is_refused() -> None:
    """It takes no layers; what to do instead is told."""
    with pytest.raises(Failure, match=r"container image.*copy the layer's files into the image"):
        attach(function(runtime=""), VERSION, NOTHING)


def test_a_layer_for_another_architecture_is_refused() -> None:
    """Its executable would not start."""
    with pytest.raises(Failure, match=f"runs on arm64, and {WARMKEY} is for x86_64"):
        attach(function(architecture="arm64"), VERSION, NOTHING)


def test_a_layer_that_names_no_architecture_is_taken_at_its_word() -> None:
    """Whoever published it by hand may have left that out."""
    assert attach(function(), LayerVersion(WARMKEY), NOTHING).layers == (WARMKEY,)


def test_variables_that_cannot_be_read_are_not_overwritten() -> None:
    """Lambda leaves them out where the caller may not decrypt them; all would be lost."""
    with pytest.raises(Failure, match=r"would be lost: KMS says no; .*KMS key"):
        attach(function(unreadable="KMS says no"), VERSION, NOTHING)


def test_a_configuration_that_the_extension_would_refuse_is_refused_now() -> None:
    """A reference that needs a stage, where none is set, would fail the function's start."""
    with pytest.raises(Failure, match=r"variable KEY: .*needs a stage, and none is set"):
        attach(function(), VERSION, AttachRequest({"KEY": "warmkey:/key/{stage}"}))
    with pytest.raises(Failure, match="WARMKEY_TTL is 'soon'"):
        attach(function(variables={"WARMKEY_TTL": "soon"}), VERSION, NOTHING)


def test_more_variables_than_fit_are_refused() -> None:
    """With the record of what changed among them."""
    with pytest.raises(Failure, match=r"would take \d+ bytes, and Lambda allows 4096"):
        attach(
            function(variables={"A": "x" * 4060}), VERSION, AttachRequest({"KEY": "warmkey:/key"})
        )


def test_the_stage_may_be_one_that_the_function_has_already() -> None:
    """`STAGE` is as good as `WARMKEY_STAGE`."""
    request = AttachRequest({"KEY": "warmkey:/key/{stage}", "WARMKEY_STAGES": "prod=live,*=test"})
    after = attach(function(variables={"STAGE": "prod"}), VERSION, request)
    assert [each.source.name for each in after.parsed.declarations.all()] == ["/key/live"]


def test_attaching_again_changes_nothing() -> None:
    """With the same request; also what it notes of a value that it did not keep."""
    request = AttachRequest(
        {"KEY": "warmkey:/key"}, exec_wrapper=True, with_policy=True, overwrite=True
    )
    once = attach(function(other("a"), variables={"A": "b", "KEY": "canary"}), VERSION, request)
    assert attach(once, VERSION, request) == once
    assert record.of(once.variables).lost == ("KEY",)


@pytest.mark.parametrize("path", ["", "service-role/", "teams/billing/"])
def test_the_role_that_gets_a_policy_is_noted_by_its_name(path: str) -> None:
    """Which IAM's API wants, without the path that its ARN may have."""
    current = replace(function(), role=f"arn:aws:iam::123456789012:role/{path}billing")
    after = attach(current, VERSION, AttachRequest({"KEY": "warmkey:/key"}, with_policy=True))
    assert record.of(after.variables).role == "billing"
