"""Evaluates a Terraform module as HCL's own parser does: runs in the tools' Python.

Arguments: the module's folder and a file with its variables. Writes JSON to standard output: of
each type, the blocks, with what their expressions come to.
"""

import json
import sys

from tfparse import load_from_path  # type: ignore[import-not-found]


def main(module: str, variables: str) -> None:
    """Evaluate the module."""
    found = load_from_path(module, stop_on_hcl_error=True, vars_paths=[variables])
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
