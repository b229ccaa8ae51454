"""`warmkey publish`: both layers, in several regions, once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layer.build.contents.sbom import UNLOCKED
from tests.fakes.fleet import Fleet, layer_arn, layer_zip, put_zips
from tests.fakes.operator import ACCOUNT, REGION, Operator

ORGANIZATION = "o-a1b2c3d4e5"
OTHER = "210987654321"


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """An operator where `make layer` has been run."""
    with Operator(tmp_path / "project") as working:
        put_zips(working.folder / "dist")
        yield working


def publish(operator: Operator, *arguments: str) -> list[str]:
    """Publish, and return the ARNs that are printed last."""
    result = operator.run("publish", "--yes", *arguments)
    assert result.exit_code == 0, result.output
    return [line for line in result.stdout.splitlines() if line.startswith("arn:")]


def test_both_layers_are_published_and_their_arns_printed(operator: Operator) -> None:
    """For any runtime, with all that later tells what they are."""
    assert publish(operator) == [layer_arn("warmkey-x86_64"), layer_arn("warmkey-arm64")]
    [version] = Fleet(operator).versions("warmkey-arm64")
    assert version["Description"] == "Warmkey 0.1.0"
    assert version["LicenseInfo"] == "Apache-2.0 AND Python-2.0.1 AND MIT"
    assert version["CompatibleArchitectures"] == ["arm64"]
    assert "CompatibleRuntimes" not in version


def test_several_regions_are_published_to(operator: Operator) -> None:
    """Named one by one or separated by commas; each once."""
    arns = publish(operator, "--region", "us-east-1,eu-west-1", "--region", "us-east-1")
    assert [arn.split(":")[3] for arn in arns] == ["us-east-1"] * 2 + ["eu-west-1"] * 2
    assert len(Fleet(operator, "eu-west-1").versions("warmkey-x86_64")) == 1
    assert Fleet(operator).versions("warmkey-x86_64") == []


def test_a_published_build_is_not_published_again(operator: Operator) -> None:
    """Its ARN is printed all the same, though a newer version has come since."""
    first = publish(operator)
    put_zips(operator.folder / "dist", "0.2.0")
    publish(operator)
    put_zips(operator.folder / "dist", "0.1.0")
    assert publish(operator) == first
    assert len(Fleet(operator).versions("warmkey-x86_64")) == 2


def test_another_build_of_the_same_version_is_published(operator: Operator) -> None:
    """The digest counts, not the description."""
    publish(operator)
    put_zips(operator.folder / "dist", "0.1.0", build="another")
    assert publish(operator) == [layer_arn("warmkey-x86_64", 2), layer_arn("warmkey-arm64", 2)]


def test_everybody_may_be_let_use_the_layers(operator: Operator) -> None:
    """Later, too; and again changes nothing."""
    publish(operator)
    for _ in range(2):
        publish(operator, "--public")
    [statement] = Fleet(operator).statements("warmkey-arm64")
    assert (statement["Action"], statement["Principal"]) == ("lambda:GetLayerVersion", "*")
    assert "OrganizationId" not in statement


def test_an_organization_may_be_let_use_the_layers(operator: Operator) -> None:
    """Its accounts, and no others."""
    publish(operator, "--organization", ORGANIZATION)
    [statement] = Fleet(operator).statements("warmkey-x86_64")
    assert (statement["Principal"], statement["OrganizationId"]) == ("*", ORGANIZATION)


def test_named_accounts_and_organizations_may_be_let_use_the_layers(operator: Operator) -> None:
    """Several, each in a statement of its own; more of them later."""
    publish(operator, "--account", f"{OTHER},112233445566")
    publish(operator, "--account", OTHER, "--organization", ORGANIZATION)
    found = Fleet(operator).statements("warmkey-arm64")
    assert [each["Sid"] for each in found] == [
        f"warmkey-{OTHER}",
        "warmkey-112233445566",
        f"warmkey-{ORGANIZATION}",
    ]
    assert OTHER in str(found[0]["Principal"])


def test_the_diff_says_what_comes_and_who_may_use_it(operator: Operator) -> None:
    """And where; a dry run ends there."""
    result = operator.run("publish", "--dry-run", "--public")
    assert result.exit_code == 0
    assert f"layer warmkey-arm64 in {REGION} of {ACCOUNT}" in result.stdout
    assert "+ content: Warmkey 0.1.0, sha256 " in result.stdout
    assert "+ usable by everybody: yes" in result.stdout
    assert "nothing was changed: --dry-run" in result.stdout
    assert Fleet(operator).versions("warmkey-arm64") == []


def test_json_is_all_that_is_on_standard_output(operator: Operator) -> None:
    """For scripts; what accompanies it is on standard error."""
    result = operator.run("publish", "--yes", "--json")
    published: list[dict[str, Any]] = json.loads(result.stdout)
    assert published[1] == {
        "region": REGION,
        "architecture": "arm64",
        "arn": layer_arn("warmkey-arm64"),
        "version": "0.1.0",
    }
    assert "+ content: Warmkey 0.1.0" in result.stderr


def test_a_region_that_fails_keeps_no_other_from_being_published_to(operator: Operator) -> None:
    """What failed is told, with the reason; the exit code is 1."""
    operator.deny("lambda.AddLayerVersionPermission")
    result = operator.run("publish", "--yes", "--public")
    assert result.exit_code == 1
    assert "AddLayerVersionPermission: AccessDeniedException" in result.stderr
    assert f"2 failed: warmkey-x86_64 in {REGION} of {ACCOUNT}, warmkey-arm64" in result.stderr
    assert layer_arn("warmkey-arm64") in result.stdout, "it is there, if not yet for everybody"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["--public", "--organization", ORGANIZATION], 2, "excludes --organization and --account"),
        (["--public", "--account", OTHER], 2, "everybody includes them"),
        (["--account", "12"], 2, "'12' is not twelve digits"),
        (["--organization", "acme"], 2, "'acme' is not the ID of an organization, such as o-a1b"),
        (["--dist", "."], 1, "there is no warmkey-layer-x86_64.zip; the package on PyPI"),
    ],
)
def test_a_zip_that_cannot_be_published_is_refused(
    operator: Operator, arguments: list[str], exit_code: int, said: str
) -> None:
    """With what to do, and before anything is asked of AWS."""
    operator.deny("sts.GetCallerIdentity")
    result = operator.run("publish", "--yes", *arguments)
    assert result.exit_code == exit_code
    assert said in result.stderr


@pytest.mark.parametrize("content", [b"no zip", layer_zip("x86_64", "0.1.0")[:99]])
def test_a_file_that_is_no_layer_is_refused(operator: Operator, content: bytes) -> None:
    """Half a download, for example."""
    (operator.folder / "dist" / "warmkey-layer-arm64.zip").write_bytes(content)
    result = operator.run("publish", "--yes")
    assert result.exit_code == 1
    assert "dist/warmkey-layer-arm64.zip is not Warmkey's layer; build it again" in result.stderr


def test_a_layer_that_is_not_of_locked_inputs_is_refused(operator: Operator) -> None:
    """`make run` makes one where the locked ones are gone; somebody may have renamed it."""
    content = layer_zip("arm64", "0.1.0", inputs=UNLOCKED)
    (operator.folder / "dist" / "warmkey-layer-arm64.zip").write_bytes(content)
    result = operator.run("publish", "--yes")
    assert result.exit_code == 1
    assert "dist/warmkey-layer-arm64.zip is not built of what Warmkey locks" in result.stderr
    assert "make layer" in result.stderr
