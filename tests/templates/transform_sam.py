"""Transforms a SAM template as CloudFormation does: runs in the tools' Python.

Arguments: the template's path, its parameters as JSON, and partition, region and account, as JSON.
Writes JSON to standard output.
"""

import json
import sys
from pathlib import Path

from samcli.lib.cfn_language_extensions.api import process_template  # type: ignore[import-not-found]
from samcli.lib.cfn_language_extensions.models import (  # type: ignore[import-not-found]
    PseudoParameterValues,
)
from samcli.yamlhelper import yaml_parse  # type: ignore[import-not-found]
from samtranslator.parser.parser import Parser  # type: ignore[import-not-found]
from samtranslator.translator.translator import Translator  # type: ignore[import-not-found]

# What SAM attaches to each function, which it would ask IAM for.
_MANAGED = "AWSLambdaBasicExecutionRole"
_POLICIES = {_MANAGED: f"arn:aws:iam::aws:policy/service-role/{_MANAGED}"}
_UPLOADED = "s3://bucket/key"  # where `sam deploy` has put the code by then


def main(path: str, parameters: str, place: str) -> None:
    """Transform the template."""
    template = yaml_parse(Path(path).read_text(encoding="utf-8"))
    if "AWS::LanguageExtensions" in template["Transform"]:
        pseudo = PseudoParameterValues(**json.loads(place))
        template = process_template(template, json.loads(parameters), pseudo)
    shared = template.get("Globals", {}).get("Function", {})
    for properties in (shared, *(each["Properties"] for each in template["Resources"].values())):
        if "CodeUri" in properties:
            properties["CodeUri"] = _UPLOADED
    print(json.dumps(Translator(_POLICIES, Parser()).translate(template, json.loads(parameters))))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
