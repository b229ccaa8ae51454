"""The template for AWS SAM."""

import re
from pathlib import Path

import pytest
import tomllib

from tests.templates import package, sam, tools
from tests.templates.deployment import LAYER
from tests.templates.infrastructure.cases import Case

each_template = pytest.mark.parametrize(
    "path", [sam.TEMPLATE, sam.MANY], ids=lambda path: path.name
)


@each_template
def test_sam_finds_the_template_valid(path: Path) -> None:
    """`sam validate --lint`, which is cfn-lint too, with SAM's own settings."""
    done = tools.run("sam", "validate", "--lint", "--template", path, folder=sam.FOLDER)
    assert done.stdout.strip() == f"{path} is a valid SAM Template"


@each_template
def test_cfn_lint_finds_nothing(path: Path) -> None:
    """Run by itself, as editors do."""
    assert tools.run("cfn-lint", path, folder=sam.FOLDER).stdout == ""


def test_each_of_many_functions_may_read_its_own_secret_alone() -> None:
    """With what all have, and what each has, as `warmkey attach` would leave it."""
    found = sam.deployments("prod")
    assert list(found) == ["Billing", "Checkout", "Refund"]
    for name, function in found.items():
        case = Case({"STRIPE_KEY": f"/{name}/stripeKey/{{stage}}"}, stage="prod")
        assert (function.layers, function.traced) == ((LAYER,), True)
        assert function.variables == case.variables()
        assert function.permissions == case.permissions()


def test_sam_builds_the_example_with_its_stage_table_from_its_lock() -> None:
    """Both lie where the template and its settings say."""
    [line] = re.findall(r"CodeUri: (\S+)", sam.TEMPLATE.read_text(encoding="utf-8"))
    code = sam.FOLDER / line
    assert all((code / name).is_file() for name in package.FILES)
    settings = tomllib.loads((sam.FOLDER / "samconfig.toml").read_text(encoding="utf-8"))
    manifest = sam.FOLDER / settings["default"]["build"]["parameters"]["manifest"]
    assert manifest.resolve() == code.resolve() / "requirements.lock"


def test_a_layer_without_its_version_is_refused() -> None:
    """Before anything is deployed: CloudFormation holds parameters against their patterns."""
    pattern = sam.transformed("dev")["Parameters"]["WarmkeyLayer"]["AllowedPattern"]
    assert re.fullmatch(pattern, LAYER)
    assert not re.fullmatch(pattern, LAYER.rpartition(":")[0])
