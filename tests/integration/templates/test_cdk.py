"""The template for the CDK."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.templates import cdk, package, tools


def test_synthesized_template_passes_cfn_lint() -> None:
    """But for a warning of which the CDK's own constructs know nothing: W3005, on `DependsOn`."""
    template = cdk.synthesized("prod")
    lint = ("cfn-lint", "--ignore-checks", "W3005", "--", template)
    assert tools.run(*lint, folder=template.parent).stdout == ""


def test_the_code_is_the_package_with_the_stage_table() -> None:
    """As an asset, which `cdk deploy` uploads."""
    template = json.loads(cdk.synthesized("prod").read_text(encoding="utf-8"))
    [key] = (
        each["Properties"]["Code"]["S3Key"]
        for each in template["Resources"].values()
        if each["Type"] == "AWS::Lambda::Function"
    )
    with zipfile.ZipFile(cdk.synthesized("prod").with_name(f"asset.{key}")) as asset:
        assert asset.namelist() == list(package.FILES)


def test_a_missing_layer_is_asked_for(tmp_path: Path) -> None:
    """In words, not with a stack trace."""
    with pytest.raises(tools.ToolFailed, match="no layer is named: -c warmkeyLayer=ARN") as failed:
        cdk.synthesize(cdk.project(tmp_path), "stage=prod")
    assert "Traceback" not in str(failed.value)
