"""Functions on AWS's own Rapid core, and on the fake Lambda that stands in for it."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.rapid.function import Function
from tests.rapid.layer import add_extension
from tests.rapid.runtime import python_program
from tests.rapid.sandbox import Sandbox
from tests.rapid.without_namespaces import FunctionWithoutNamespaces

EXTENSION = python_program("""\
import http.client, json, os, sys

def call(method, path, headers, body=None):
    api.request(method, "/2020-01-01/extension/" + path, body, headers)
    answer = api.getresponse()
    return answer.headers, answer.read().decode()

api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
if os.path.exists("gate"):
    print("extension waits", flush=True)
    open("gate").read()
name = {"Lambda-Extension-Name": "probe"}
headers, _ = call("POST", "register", name, '{"events": ["SHUTDOWN"]}')
print("extension registered", flush=True)
if "CRASH" in os.environ:
    sys.exit(1)
me = {"Lambda-Extension-Identifier": headers["Lambda-Extension-Identifier"]}
print("extension got", call("GET", "event/next", me)[1], flush=True)
""")

HANDLER = """\
import os
print("module loaded")

def echo(event, context):
    return {"event": event, "function": context.function_name, "stage": os.environ.get("STAGE")}

def fail(event, context):
    raise ValueError("no such order")

def look(event, context):
    refusals = {}
    for directory in ("/opt", "/var/task"):
        try:
            open(directory + "/mark", "x").close()
        except OSError as error:
            refusals[directory] = error.strerror
    seen = {path: os.listdir(path) for path in ("/opt/extensions", "/var/task")}
    return {"seen": seen, "refusals": refusals}
"""

Make = Callable[..., Sandbox]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A function's package with a few small handlers."""
    package = tmp_path / "package"
    package.mkdir()
    (package / "app.py").write_text(HANDLER)
    return package


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """A layer with one extension that registers for SHUTDOWN and waits for it."""
    add_extension(tmp_path / "layer", "probe", EXTENSION)
    return tmp_path / "layer"


@pytest.fixture(params=[Function, FunctionWithoutNamespaces])
def make(request: pytest.FixtureRequest, package: Path, layer: Path) -> Make:
    """Makes a function of package and layer, once on each kind of Lambda."""
    kind: type[Sandbox] = request.param
    if kind.real_core:
        request.getfixturevalue("namespaces_granted")

    def make(handler: str = "app.echo", **environment: str) -> Sandbox:
        return kind(
            package=package, layer=layer, handler=handler, environment=environment, name="shop"
        )

    return make


@pytest.fixture
def start(make: Make) -> Iterator[Make]:
    """Makes a function and starts it, until the test ends."""
    with ExitStack() as stack:
        yield lambda *handler, **environment: stack.enter_context(make(*handler, **environment))


def test_an_invoke_gets_what_the_handler_returns(start: Make) -> None:
    """The event arrives, and so do the function's name and its environment."""
    answer = start(STAGE="prod").invoke({"order": 7})
    assert answer.status == 200
    assert answer.payload == {"event": {"order": 7}, "function": "shop", "stage": "prod"}


def test_a_second_invoke_finds_the_same_environment(start: Make) -> None:
    """The second invoke is warm: one init, one load of the module."""
    function = start()
    function.invoke()
    assert function.invoke({"order": 8}).payload["event"] == {"order": 8}
    assert len(function.init_reports()) == 1
    assert function.log.count("module loaded") == 1


def test_a_handler_that_raises_is_an_answer_too(start: Make) -> None:
    """As on Lambda: status 200 and a body that names the error."""
    answer = start("app.fail").invoke()
    assert answer.status == 200
    assert answer.payload["errorMessage"] == "no such order"


def test_the_runtime_starts_when_the_extension_has_registered(start: Make, package: Path) -> None:
    """While the extension holds its registration back, it is the only process."""
    os.mkfifo(package / "gate")
    function = start()
    with ThreadPoolExecutor() as background:
        invoked = background.submit(function.invoke)
        function.wait_for_log("extension waits")
        assert len(function.processes()) == 1
        (package / "gate").write_text("go on")
        assert invoked.result().status == 200
    assert function.log.index("extension registered") < function.log.index("module loaded")


def test_shutdown_reaches_the_extension(start: Make) -> None:
    """The extension is told why, and everything has ended afterwards."""
    function = start()
    function.invoke()
    function.shutdown()
    assert '"shutdownReason":"SandboxTerminated"' in function.log.replace(": ", ":")
    assert function.processes() == []


def test_an_extension_that_crashes_fails_the_invoke(start: Make) -> None:
    """The invoke is answered, with status 502."""
    function = start(CRASH="yes")
    assert function.invoke().status == 502


def test_a_frozen_function_stands_still_and_goes_on_after_thaw(start: Make) -> None:
    """Extension and runtime are stopped, and the next invoke is answered all the same."""
    function = start()
    function.invoke()
    frozen = function.processes()
    function.freeze()
    states = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] for pid in frozen]
    assert states == ["T", "T"]
    function.thaw()
    assert function.invoke({"order": 9}).payload["event"] == {"order": 9}


def test_rapid_leaves_nothing_when_the_block_ends(make: Make) -> None:
    """Even without a shutdown, every process is gone."""
    with make() as function:
        function.invoke()
        left = function.processes()
    assert len(left) == 2
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()]


@pytest.mark.usefixtures("namespaces_granted")
def test_the_function_sees_layer_and_package_and_cannot_change_them(
    package: Path, layer: Path
) -> None:
    """`/opt` is the layer and `/var/task` the package, both read-only, as on Lambda."""
    with Function(package=package, layer=layer, handler="app.look") as function:
        seen = function.invoke().payload
    assert seen["seen"] == {"/opt/extensions": ["probe"], "/var/task": ["app.py"]}
    assert seen["refusals"] == dict.fromkeys(["/opt", "/var/task"], "Read-only file system")


@pytest.mark.usefixtures("namespaces_granted")
def test_the_host_is_left_alone(package: Path, layer: Path) -> None:
    """While a function runs, this machine has the same mounts, the same `/opt` and `/var`."""

    def host() -> list[object]:
        here = [sorted(Path(directory).glob("*")) for directory in ("/", "/opt", "/var")]
        return [*here, Path("/proc/self/mountinfo").read_text()]

    before = host()
    with Function(package=package, layer=layer, handler="app.echo") as function:
        function.invoke()
        assert host() == before
    assert host() == before


@pytest.mark.usefixtures("namespaces_granted")
def test_many_functions_run_at_once(package: Path, layer: Path) -> None:
    """Each has ports, processes and a log of its own."""
    together = threading.Barrier(4)

    def life(number: int) -> object:
        with Function(package=package, layer=layer, handler="app.echo") as function:
            together.wait(timeout=PATIENCE)
            return function.invoke(number).payload["event"]

    with ThreadPoolExecutor(4) as background:
        assert list(background.map(life, range(4))) == [0, 1, 2, 3]
