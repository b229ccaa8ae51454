"""Transforms a SAM template as CloudFormation does: runs in the tools' Python.

Arguments: the template's path and its parameters, as JSON. Writes JSON to standard output.
"""

import json
import sys
from pathlib import Path

from samcli.yamlhelper import yaml_parse  # type: ignore[import-not-found]
from samtranslator.parser.parser import Parser  # type: ignore[import-not-found]
from samtranslator.translator.translator import Translator  # type: ignore[import-not-found]

# What SAM attaches to each function, which it would ask IAM for.
_MANAGED = "AWSLambdaBasicExecutionRole"
_POLICIES = {_MANAGED: f"arn:aws:iam::aws:policy/service-role/{_MANAGED}"}
_UPLOADED = "s3://bucket/key"  # where `sam deploy` has put the code by then


def main(path: str, parameters: str) -> None:
    """Transform the template."""
    template = yaml_parse(Path(path).read_text(encoding="utf-8"))
    for resource in template["Resources"].values():
        if "CodeUri" in resource["Properties"]:
            resource["Properties"]["CodeUri"] = _UPLOADED
    print(json.dumps(Translator(_POLICIES, Parser()).translate(template, json.loads(parameters))))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
