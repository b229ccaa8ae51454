"""`warmkey unpublish`: old versions of the layer that no function has."""

import pytest

from tests.fakes.fleet import Fleet, layer_arn
from tests.fakes.operator import Operator

X86 = "warmkey-x86_64"


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account in which Warmkey was published four times."""
    fleet = Fleet(operator)
    for number in range(1, 5):
        fleet.warmkey(f"0.{number}.0")
    return fleet


def left(fleet: Fleet, name: str = X86) -> list[int]:
    """The numbers of a layer's versions that are there, the newest first."""
    return sorted((each["Version"] for each in fleet.versions(name)), reverse=True)


def test_old_versions_that_no_function_has_are_deleted(operator: Operator, fleet: Fleet) -> None:
    """Of both layers; the newest stays, and what a function has, with the reason."""
    fleet.function("billing", layer_arn(X86, 2))
    other = fleet.layer("other")
    result = operator.run("unpublish", "--yes")
    assert result.exit_code == 0, result.output
    assert (left(fleet), left(fleet, "warmkey-arm64")) == ([4, 2], [4])
    assert f"{layer_arn(X86, 2)}: stays: a function has it" in result.stderr
    assert f"layer version {layer_arn(X86, 1)}" in result.stdout
    assert "- content: Warmkey 0.1.0" in result.stdout
    assert len(fleet.versions("other")) == 1, other


def test_a_published_version_of_a_function_keeps_its_layer(
    operator: Operator, fleet: Fleet
) -> None:
    """An alias may lead to it, though $LATEST has gone on."""
    fleet.function("billing", layer_arn(X86, 1))
    operator.client("lambda").publish_version(FunctionName="billing")
    assert operator.run("attach", "billing", "--yes").exit_code == 0
    operator.run("unpublish", "--yes")
    assert left(fleet) == [4, 1]


def test_a_version_that_others_may_use_stays_unless_asked_for(
    operator: Operator, fleet: Fleet
) -> None:
    """Their functions can't be seen from here."""
    operator.client("lambda").add_layer_version_permission(
        LayerName=X86,
        VersionNumber=1,
        StatementId="s",
        Action="lambda:GetLayerVersion",
        Principal="210987654321",
    )
    result = operator.run("unpublish", "--yes")
    assert left(fleet) == [4, 1]
    assert "stays: other accounts may use it, and may have it (--shared deletes it)" in " ".join(
        result.stderr.split()
    )
    operator.run("unpublish", "--yes", "--shared")
    assert left(fleet) == [4]


def test_several_of_the_newest_may_be_kept(operator: Operator, fleet: Fleet) -> None:
    """To go back to; at least one."""
    operator.run("unpublish", "--yes", "--keep", "3")
    assert left(fleet) == [4, 3, 2]
    assert operator.run("unpublish", "--keep", "0").exit_code == 2


def test_unpublishing_again_changes_nothing(operator: Operator, fleet: Fleet) -> None:
    """Nor does a dry run, nor where nothing was published."""
    result = operator.run("unpublish", "--dry-run")
    assert "nothing was changed: --dry-run" in result.stdout
    assert left(fleet) == [4, 3, 2, 1]
    operator.run("unpublish", "--yes")
    result = operator.run("unpublish", "--yes", "--region", "eu-central-1,eu-west-1")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (0, "no old versions")


def test_a_version_that_may_not_be_deleted_is_told(operator: Operator, fleet: Fleet) -> None:
    """The exit code is 1."""
    operator.deny("lambda.DeleteLayerVersion")
    result = operator.run("unpublish", "--yes")
    assert result.exit_code == 1
    assert "DeleteLayerVersion: AccessDeniedException" in result.stderr
    assert left(fleet) == [4, 3, 2, 1]
