"""The template for AWS SAM."""

import re

import tomllib

from tests.templates import package, sam, tools
from tests.templates.deployment import LAYER


def test_sam_finds_the_template_valid() -> None:
    """`sam validate --lint`, which is cfn-lint too, with SAM's own settings."""
    done = tools.run("sam", "validate", "--lint", folder=sam.FOLDER)
    assert done.stdout.strip() == f"{sam.TEMPLATE} is a valid SAM Template"


def test_cfn_lint_finds_nothing() -> None:
    """Run by itself, as editors do."""
    assert tools.run("cfn-lint", sam.TEMPLATE, folder=sam.FOLDER).stdout == ""


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
