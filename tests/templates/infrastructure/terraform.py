"""The module for Terraform: what its outputs come to, by HCL's parser and by the tool itself.

The module asks no provider, so Terraform or OpenTofu can run it, where one of them is installed.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from layer.build.plan import REPOSITORY
from tests.templates import tools
from tests.templates.deployment import LAYER, Permission, permissions
from tests.templates.infrastructure.cases import CASES, Case

MODULE = REPOSITORY / "layer/terraform"
_EVALUATE = Path(tools.__file__).with_name("evaluate_terraform.py")


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the module gives for a function.

    Attributes:
        layers: Its layers.
        variables: Its variables.
        permissions: What its role may do.
    """

    layers: tuple[str, ...]
    variables: Mapping[str, str]
    permissions: frozenset[Permission]


def inputs(case: Case) -> dict[str, Any]:
    """A case as the module's variables."""
    return {
        "layer_arn": LAYER,
        "secrets": case.secrets,
        "stage": case.stage,
        "stages": case.stages,
        "kms_key": case.kms_key,
        **({"config": json.dumps(case.config)} if case.config is not None else {}),
    }


def parsed(given: Mapping[str, Any]) -> tuple[Outputs | None, list[str]]:
    """What the module gives by HCL's own parser, and what it refuses, in words.

    Args:
        given: Its variables.
    """
    with TemporaryDirectory() as place:
        module = shutil.copytree(MODULE, Path(place, "module"))
        (module / "given.tfvars.json").write_text(json.dumps(given), encoding="utf-8")
        done = tools.run("python", _EVALUATE, module, "given.tfvars.json", folder=module)
    outputs = {each["__tfmeta"]["label"]: each for each in json.loads(done.stdout)["output"]}
    refused = [
        each["error_message"]
        for output in outputs.values()
        for each in output.get("precondition", [])
        if each["condition"] is not True
    ]
    if refused:
        return None, refused
    return _outputs({name: each["value"] for name, each in outputs.items()}), []


@cache
def applied() -> dict[str, Outputs]:
    """What the module gives for every case, by Terraform or OpenTofu; skips where neither is."""
    tool = shutil.which("tofu") or shutil.which("terraform")
    if not tool:
        pytest.skip("there is no tofu or terraform: opentofu.org has it")
    with TemporaryDirectory() as place:
        shutil.copytree(MODULE, Path(place, "warmkey"))
        Path(place, "main.tf.json").write_text(json.dumps(_for_each_case()), encoding="utf-8")
        for command in (["init", "-input=false"], ["validate"], ["apply", "-auto-approve"]):
            _terraform(tool, *command, folder=Path(place))
        told = json.loads(_terraform(tool, "output", "-json", folder=Path(place)))
    return {name: _outputs(each) for name, each in told["all"]["value"].items()}


def formatted() -> str:
    """What `fmt` would change; skips where there is no tool."""
    tool = shutil.which("tofu") or shutil.which("terraform")
    if not tool:
        pytest.skip("there is no tofu or terraform: opentofu.org has it")
    folders = [MODULE, tools.TEMPLATES / "terraform"]
    return "".join(
        _terraform(tool, "fmt", "-list=true", "-write=false", "-recursive", folder=each)
        for each in folders
    )


def _for_each_case() -> dict[str, Any]:
    """A root module that has it for every function, as one of three hundred would."""
    functions = {name: {**inputs(Case()), "config": "{}", **inputs(c)} for name, c in CASES.items()}
    arguments = {name: f"${{each.value.{name}}}" for name in next(iter(functions.values()))}
    return {
        "locals": {"functions": functions},
        "module": {
            "warmkey": {
                "source": "./warmkey",
                "for_each": "${local.functions}",
                **arguments,
            }
        },
        "output": {"all": {"value": "${module.warmkey}"}},
    }


def _terraform(tool: str, *arguments: str, folder: Path) -> str:
    done = subprocess.run(  # noqa: S603
        [tool, *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise tools.ToolFailed(done.stdout + done.stderr)
    return done.stdout


def _outputs(values: Mapping[str, Any]) -> Outputs:
    return Outputs(
        tuple(values["layers"]),
        {name: _sorted(name, value) for name, value in values["environment"].items()},
        frozenset(permissions(_statements(values["policy_json"]))),
    )


def _statements(policy: str) -> Iterator[Mapping[str, Any]]:
    yield from json.loads(policy)["Statement"] if policy else ()


def _sorted(name: str, value: str) -> str:
    """A map has no order in Terraform, and that of stages means nothing."""
    return ",".join(sorted(value.split(","))) if name == "WARMKEY_STAGES" else value


def layer_from_zip() -> Mapping[str, list[Mapping[str, Any]]]:
    """The blocks of the module that publishes the layer, by their type."""
    with TemporaryDirectory() as place:
        module = shutil.copytree(MODULE / "layer", Path(place, "module"))
        (module / "layer.zip").write_bytes(b"")
        given = {"zip": "layer.zip", "architecture": "arm64"}
        (module / "given.tfvars.json").write_text(json.dumps(given), encoding="utf-8")
        done = tools.run("python", _EVALUATE, module, "given.tfvars.json", folder=module)
    found: Mapping[str, list[Mapping[str, Any]]] = json.loads(done.stdout)
    return found
