"""Shell, on a runtime loop of its own in bash and curl."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from layer.build.plan import REPOSITORY
from layer.build.stages import stage
from tests.languages.language import Built, Language, Unavailable

_BOOTSTRAP = ("/var/task/bootstrap",)
_PATH = "/usr/local/bin:/usr/bin:/bin"  # as functions have it
_CURL = (7, 84)  # since then it writes out a header of the answer
_PLAIN = r"""#!/bin/bash
set -euo pipefail
runtime="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
key=${KEY//\\/\\\\} key=${key//\"/\\\"} key=${key//$'\n'/\\n}

while true; do
  id=$(curl -sSf -o /dev/null -w '%header{lambda-runtime-aws-request-id}' "$runtime/next")
  printf '"%s"' "$key" | curl -sSf -o /dev/null --data-binary @- "$runtime/$id/response"
done
"""
_READER = r"""
source "$0/warmkey.sh"
warmkey_get FIRST >/dev/null
if [[ ${2:-} ]]; then AWS_SESSION_TOKEN=$2; fi
for ((i = 0; i < $1; i++)); do
  warmkey_get KEY
  echo
done
"""


def _example() -> Built:
    _check_tools()
    return Built(REPOSITORY / "handler_example/shell", _BOOTSTRAP)  # there is nothing to build


@cache
def _plain() -> Built:
    _check_tools()

    def make(package: Path) -> None:
        package.mkdir()
        bootstrap = package / "bootstrap"
        bootstrap.write_text(_PLAIN, encoding="utf-8")
        bootstrap.chmod(0o755)

    return Built(stage(REPOSITORY / "build/languages/shell/plain", [_PLAIN], make), _BOOTSTRAP)


def _reader() -> Sequence[str]:
    _check_tools()
    return ("/bin/bash", "-uc", _READER, str(REPOSITORY / "handler_example/shell"))


def _check_tools() -> None:
    needed = "`make tools` installs it"
    if not Path("/bin/bash").exists():
        raise Unavailable(f"there is no /bin/bash: {needed}")
    curl = shutil.which("curl", path=_PATH)
    if curl is None:
        raise Unavailable(f"there is no curl in {_PATH}: {needed}")
    said = subprocess.run([curl, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    version = re.match(r"curl (\d+)\.(\d+)", said.stdout)
    if version is None or tuple(map(int, version.groups())) < _CURL:
        wanted = ".".join(map(str, _CURL))
        raise Unavailable(f"{curl} is older than {wanted}: {said.stdout.partition('(')[0]}")


def _dependencies() -> Sequence[str]:
    return ()


SHELL = Language("Shell", _example, _dependencies, _plain, reader=_reader)
