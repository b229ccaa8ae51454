"""A function that only reads its environment gets its keys, on a whole Lambda."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
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
# As the managed runtimes do: the wrapper is given the runtime's command as its arguments.
WRAPPED = ["/opt/warmkey-exec", *python_bootstrap("app.handler")]

Run = Callable[..., Sandbox]

# The wrapper is named by its path in the layer, which only a namespace gives it.
pytestmark = pytest.mark.usefixtures("namespaces_granted")


@pytest.fixture
def run(aws: FakeAws, package: Path, layer: Path) -> Iterator[Run]:
    """Starts a function through the wrapper, with `/key/live` declared as KEY."""
    aws.parameters.put("/key/live", CANARY)
    (package / "app.py").write_text(HANDLER, encoding="utf-8")
    with ExitStack() as stack:

        def start(**variables: str) -> Sandbox:
            port = stack.enter_context(ReservedPort())
            environment = {
                **aws.environment(),
                "WARMKEY_PORT": str(port.number),
                "KEY": "warmkey:/key/live",
                **variables,
            }
            return stack.enter_context(
                Function(package=package, layer=layer, environment=environment, bootstrap=WRAPPED)
            )

        yield start


def test_the_environment_holds_the_secret_from_the_start(run: Run, aws: FakeAws) -> None:
    """And the function's code asks nobody for it."""
    function = run()
    assert function.invoke().payload == [CANARY, CANARY, None]
    assert len(aws.calls) == 1
    assert "canary" not in function.log


def test_a_secret_that_cannot_be_had_stops_the_function_with_the_reason(run: Run) -> None:
    """Rather than to go on with a reference in its place."""
    function = run(KEY="warmkey:/key/none")
    assert function.invoke().status == 502
    assert function.wait_for_log("warmkey: KEY: SSM parameter /key/none does not exist")


def test_another_wrapper_is_chained(run: Run, package: Path) -> None:
    """It gets the secrets and the runtime's command, untouched."""
    wrapper = package / "wrapper"
    wrapper.write_text('#!/bin/sh\nexport WRAPPED="$WARMKEY_NEXT_WRAPPER."\nexec "$@"\n')
    wrapper.chmod(0o755)
    function = run(WARMKEY_NEXT_WRAPPER="/var/task/wrapper")
    assert function.invoke().payload == [CANARY, CANARY, "."]
