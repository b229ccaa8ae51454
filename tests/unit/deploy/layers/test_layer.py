"""Layers: told by their ARNs and descriptions, and which are behind."""

import itertools

import pytest

from tests.unit.deploy.described import AWS_EXTENSION, OLDER, WARMKEY, other
from warmkey.deploy.functions.survey import behind
from warmkey.deploy.layers import layer
from warmkey.deploy.layers.layer import LayerVersion

OWN = "0.2.0"


def test_warmkeys_layers_are_told_by_their_names() -> None:
    """In every account; what only begins like one is none."""
    assert all(map(layer.is_warmkey, (WARMKEY, OLDER, other("warmkey"), other("warmkey-arm64"))))
    assert not any(map(layer.is_warmkey, (AWS_EXTENSION, other("warmkey-plugin"), "warmkey", "")))


def test_aws_extension_is_recognized_by_its_name() -> None:
    """AWS publishes it from another account in each region, for arm64 with `-Arm64`."""
    assert layer.is_aws_extension(AWS_EXTENSION)
    assert layer.is_aws_extension(AWS_EXTENSION.replace("Extension:11", "Extension-Arm64:18"))
    assert not layer.is_aws_extension(WARMKEY)


def test_the_description_tells_the_version() -> None:
    """What publish writes, status reads; other texts tell nothing."""
    assert LayerVersion(WARMKEY, layer.describe("1.10.0")).warmkey == "1.10.0"
    for text in ("", "1.0", "Warmkey", "Warmkey 1.0 mine"):
        assert LayerVersion(WARMKEY, text).warmkey == ""


def test_versions_are_numbers_not_texts() -> None:
    """1.10 came after 1.9, and whatever is known after what is not."""
    assert sorted(["1.10.0", "", "1.9.1"], key=layer.order) == ["", "1.9.1", "1.10.0"]


def test_a_prerelease_is_older_than_its_release() -> None:
    """However it is spelt."""
    ordered = ["0.1.9", "0.2.0.dev3", "0.2.0a1", "0.2.0-beta.2", "0.2.0rc1", "0.2.0rc10", "0.2.0"]
    for older, newer in itertools.pairwise(ordered):
        assert layer.order(older) < layer.order(newer)
    assert LayerVersion(WARMKEY, layer.describe("0.2.0rc1")).warmkey == "0.2.0rc1"
    assert behind(of(OLDER, "0.2.0rc1"), None, OWN) == OWN


def of(arn: str, version: str) -> LayerVersion:
    """A layer version."""
    return LayerVersion(arn, layer.describe(version))


@pytest.mark.parametrize(
    ("has", "newest", "newer"),
    [
        (of(WARMKEY, "0.2.0"), of(WARMKEY, "0.2.0"), ""),
        (of(OLDER, "0.1.0"), of(WARMKEY, "0.2.0"), "0.2.0"),
        (of(OLDER, "0.2.0"), of(WARMKEY, "0.2.0"), WARMKEY),
        (of(OLDER, "0.1.0"), None, "0.2.0"),
        (of(OLDER, "0.2.0"), of(WARMKEY, "0.3.0"), "0.3.0"),
        (of(other("warmkey"), "0.2.0"), of(WARMKEY, "0.2.0"), ""),
        (LayerVersion(other("warmkey")), None, "0.2.0"),
        (of(WARMKEY, "0.3.0"), of(WARMKEY, "0.3.0"), ""),
    ],
    ids=[
        "the newest is not behind",
        "an older version is behind the newest one",
        "an older build of the same version is behind the newer one",
        "where none is published, this command's own counts",
        "a published one may be newer than this command",
        "another layer of the same version is not behind",
        "what tells no version is behind",
        "nobody is behind an older command",
    ],
)
def test_a_function_that_could_have_a_newer_version_is_behind(
    has: LayerVersion, newest: LayerVersion | None, newer: str
) -> None:
    """Newer than what it has: what is published, or what this command has."""
    assert behind(has, newest, OWN) == newer
