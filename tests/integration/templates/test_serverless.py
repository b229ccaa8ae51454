"""The template for the Serverless Framework."""

import json
from pathlib import Path

import pytest

from tests.templates import serverless, tools
from tests.templates.deployment import LAYER


def test_the_framework_has_nothing_to_remark(tmp_path: Path) -> None:
    """It warns of properties that it does not know, and of what will go away."""
    project = serverless.project(tmp_path)
    said = serverless.serverless("package", "prod", project, f"--param=warmkeyLayer={LAYER}")
    assert "Service packaged" in said
    assert "warning" not in said.lower()
    assert "deprecat" not in said.lower()


def test_packaged_template_passes_cfn_lint() -> None:
    """The template that it hands to CloudFormation."""
    template = serverless.packaged("prod")
    assert tools.run("cfn-lint", template, folder=template.parent).stdout == ""


def test_the_artifact_is_the_package_with_the_stage_table() -> None:
    """The zip as it was made, which holds warmkey.json."""
    state = json.loads(serverless.packaged("prod").with_name("serverless-state.json").read_text())
    assert state["package"]["artifact"] == "notes.zip"


def test_a_missing_layer_is_named(tmp_path: Path) -> None:
    """Nothing is packaged without it."""
    with pytest.raises(tools.ToolFailed, match=r'provider\.layers\.0.*not found at "param"'):
        serverless.serverless("print", "dev", serverless.project(tmp_path))
