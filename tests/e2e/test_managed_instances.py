"""A function on Managed Instances, in the real core's own mode for them.

There init is eager, several invokes run side by side, each in a process of its own, and the
environment is never frozen.
"""

import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.conftest import Launch
from tests.fakes.aws import FakeAws
from tests.rapid.function import Function
from tests.rapid.layer import add_extension
from tests.rapid.runtime import python_program

TOGETHER = 4
HANDLER = """\
import fcntl
import os
import warmkey

def handler(event, context):
    print("invoked")
    with open(__file__) as own:
        fcntl.flock(own, fcntl.LOCK_SH)
    return os.getpid(), [warmkey.get("KEY") for _ in range(100)]
"""
# Registers for INVOKE, and for SHUTDOWN alone where that is refused.
PROBE = python_program("""\
import http.client, os

api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
for events in ('["INVOKE", "SHUTDOWN"]', '["SHUTDOWN"]'):
    name = {"Lambda-Extension-Name": "probe"}
    path = "/2020-01-01/extension/"
    api.request("POST", path + "register", '{"events": ' + events + '}', name)
    answer = api.getresponse()
    answer.read()
    print("probe", events, answer.status, flush=True)
me = answer.headers["Lambda-Extension-Identifier"]
api.request("GET", path + "event/next", headers={"Lambda-Extension-Identifier": me})
api.getresponse()
""")
MANAGED = {"KEY": "warmkey:/key", "AWS_LAMBDA_MAX_CONCURRENCY": str(TOGETHER)}

pytestmark = [
    pytest.mark.usefixtures("namespaces_granted"),
    pytest.mark.skipif(
        os.geteuid() != 0, reason="as Managed Instances the core changes users: run it as root"
    ),
]


@pytest.fixture(autouse=True)
def key(aws: FakeAws) -> None:
    """SSM holds a key."""
    aws.parameters.put("/key", "canary-1")


def test_the_secrets_are_there_before_anything_is_invoked(launch: Launch, aws: FakeAws) -> None:
    """Init is eager, and the extension is ready in it."""
    environment = launch(HANDLER, Function, **MANAGED)
    environment.function.wait_for_log('"message":"ready"')
    assert environment.status()["state"] == "ready"
    assert len(aws.calls) == 1


def test_an_extension_that_wants_invokes_is_refused_here(launch: Launch, layer: Path) -> None:
    """Warmkey is not: it registers for SHUTDOWN alone."""
    add_extension(layer, "probe", PROBE)
    environment = launch(HANDLER, Function, **MANAGED)
    environment.function.wait_for_log(r'probe \["SHUTDOWN"\] 200')
    environment.function.wait_for_log(r'"message":"ready"')
    assert 'probe ["INVOKE", "SHUTDOWN"] 403' in environment.function.log


def test_invokes_side_by_side_read_side_by_side(
    launch: Launch, aws: FakeAws, package: Path
) -> None:
    """Each in a process of its own, each gets the value every time, and it costs one call."""
    environment = launch(HANDLER, Function, **MANAGED)
    with ThreadPoolExecutor(TOGETHER) as invokers, (package / "app.py").open() as handler:
        fcntl.flock(handler, fcntl.LOCK_EX)  # the handlers wait for it
        answers = [invokers.submit(environment.invoke) for _ in range(TOGETHER)]
        environment.function.wait_for_log("(?s)" + "invoked.*" * TOGETHER)
        fcntl.flock(handler, fcntl.LOCK_UN)
        read = [answer.result() for answer in answers]
    assert len({process for process, _ in read}) == TOGETHER
    assert [values for _, values in read] == [["canary-1"] * 100] * TOGETHER
    assert len(aws.calls) == 1


def test_shutdown_ends_it(launch: Launch) -> None:
    """As everywhere: the extension is told, and nothing is left."""
    environment = launch(HANDLER, Function, **MANAGED, WARMKEY_LOG_LEVEL="debug")
    environment.invoke()
    environment.function.shutdown()
    assert '"message":"shutting down"' in environment.function.log
    assert environment.function.processes() == []
