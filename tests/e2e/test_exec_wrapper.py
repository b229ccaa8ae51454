"""A function that only reads its environment gets its keys, on a whole Lambda."""

import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.patience import PATIENT
from tests.rapid.function import Function
from tests.rapid.ports import ReservedPort
from tests.rapid.runtime import python_bootstrap
from tests.rapid.sandbox import Sandbox

CANARY = "it's\na canary"
HANDLER = """\
import os

AT_INIT = os.environ["KEY"]


def handler(event, context):
    return [AT_INIT, os.environ["KEY"], os.environ.get("WRAPPED")]
"""
RUNTIME = shlex.join(python_bootstrap("app.handler"))
# What a managed runtime's own bootstrap does with the variable: the wrapper, if any, gets the
# interpreter and its arguments.
MANAGED = f"""\
#!/bin/bash
set -- {RUNTIME}
if [[ -n "$AWS_LAMBDA_EXEC_WRAPPER" ]]; then
  exec -- "$AWS_LAMBDA_EXEC_WRAPPER" "$@"
fi
exec -- "$@"
"""
# One of `provided`, for which Lambda takes no wrapper: it starts itself anew through it.
PROVIDED = f"""\
#!/bin/bash
set -euo pipefail
[[ -n "${{WRAPPED:-}}" ]] || WRAPPED=yes exec /opt/warmkey-exec "$0"
[[ "$KEY" == {shlex.quote(CANARY)} ]]
exec {RUNTIME}
"""

Run = Callable[..., Sandbox]

# The wrapper is named by its path in the layer, which only a namespace gives it.
pytestmark = pytest.mark.usefixtures("namespaces_granted")


@pytest.fixture
def run(aws: FakeAws, package: Path, layer: Path) -> Iterator[Run]:
    """Starts a function through the wrapper, with `/key/live` declared as KEY."""
    aws.parameters.put("/key/live", CANARY)
    (package / "app.py").write_text(HANDLER, encoding="utf-8")
    with ExitStack() as stack:

        def start(bootstrap: str = MANAGED, /, **variables: str) -> Sandbox:
            script(package / "bootstrap", bootstrap)
            port = stack.enter_context(ReservedPort())
            environment = {
                **aws.environment(),
                **PATIENT,
                "AWS_LAMBDA_EXEC_WRAPPER": "/opt/warmkey-exec",
                "WARMKEY_PORT": str(port.number),
                "KEY": "warmkey:/key/live",
                **variables,
            }
            return stack.enter_context(
                Function(
                    package=package,
                    layer=layer,
                    environment=environment,
                    bootstrap=["/var/task/bootstrap"],
                )
            )

        yield start


def script(path: Path, text: str) -> None:
    """Make an executable script."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def test_the_environment_holds_the_secret_from_the_start(run: Run, aws: FakeAws) -> None:
    """And the function's code asks nobody for it."""
    function = run()
    assert function.invoke().payload == [CANARY, CANARY, None], function.log
    assert len(aws.calls) == 1
    assert "canary" not in function.log


def test_a_bootstrap_may_start_itself_through_it(run: Run) -> None:
    """Where Lambda takes no wrapper, as on OS-only runtimes."""
    function = run(PROVIDED)
    assert function.invoke().payload == [CANARY, CANARY, "yes"], function.log


def test_a_secret_that_cannot_be_had_stops_the_function_with_the_reason(run: Run) -> None:
    """Rather than let it go on with a reference in the secret's place."""
    function = run(KEY="warmkey:/key/none")
    assert function.invoke().status == 502
    assert function.wait_for_log("warmkey: KEY: SSM parameter /key/none does not exist")


def test_two_more_wrappers_are_chained(run: Run, package: Path) -> None:
    """They get the secrets and the runtime's command, untouched."""
    script(package / "first", '#!/bin/sh\nexec /var/task/second "$@"\n')
    script(package / "second", '#!/bin/sh\nexport WRAPPED="$WARMKEY_NEXT_WRAPPER."\nexec "$@"\n')
    function = run(WARMKEY_NEXT_WRAPPER="/var/task/first")
    assert function.invoke().payload == [CANARY, CANARY, "."], function.log


def test_an_extension_that_does_not_start_is_not_waited_for(run: Run) -> None:
    """What is wrong with its settings is said, and nothing else."""
    function = run(WARMKEY_TTL="soon")
    assert function.invoke().status == 502
    assert function.wait_for_log("WARMKEY_TTL")
