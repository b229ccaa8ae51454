"""The extension ends before its time on Lambda's own core: what its user sees."""

import os
import re
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.world import VALUE
from tests.fakes.aws import FakeAws
from tests.rapid.function import Function
from tests.rapid.namespaces import available
from tests.rapid.ports import ReservedPort
from tests.rapid.processes import is_extension

_HANDLER = """
import warmkey

def handler(event, context):
    return warmkey.get("KEY")
"""


def _where_granted(attempt: Callable[[Path], str]) -> Callable[[Path], str]:
    def attempted(layer: Path) -> str:
        return attempt(layer) if available() else "not tried: no namespaces are granted here"

    return attempted


@contextmanager
def _function(layer: Path, **variables: str) -> Iterator[Function]:
    """A function that reads its secret in each invoke."""
    with FakeAws() as aws, tempfile.TemporaryDirectory() as package, ReservedPort() as port:
        aws.parameters.put("/key", VALUE)
        Path(package, "app.py").write_text(_HANDLER, "utf-8")
        own = {"KEY": "warmkey:/key", "WARMKEY_PORT": str(port.number)}
        given = {**aws.environment(), **own, **variables}
        with Function(package=Path(package), layer=layer, environment=given) as function:
            yield function


def _killed(layer: Path) -> str:
    with _function(layer) as function:
        assert function.invoke().payload == VALUE
        for pid in function.processes():
            if is_extension(pid):
                os.kill(pid, signal.SIGKILL)
        function.wait_for_log("extension-warmkey.* exited: signal: killed")
        crashed, after = function.invoke(), function.invoke()
        assert (crashed.status, after.payload) == (502, VALUE), (crashed, after)
        assert "Invoke DONE failed: Extension.Crash" in function.log
        return "502 Extension.Crash, once; then the value"


def _wrong_setting(layer: Path) -> str:
    """The last that Warmkey says stands right above what Lambda says of it."""
    with _function(layer, WARMKEY_TTL="soon") as function:
        assert function.invoke().status == 502
        said = re.search(
            r'^.*"message":"(WARMKEY_TTL[^"]*)".*\n.*First fatal error.*(Extension\.\w+)$',
            function.log,
            re.MULTILINE,
        )
        assert said, function.log
        return f"502; in the log: {said[1]}; and {said[2]}"


CASES = [
    Case("killed, on Lambda's own core", _where_granted(_killed), tries=5),
    Case("a setting is wrong, on Lambda's own core", _where_granted(_wrong_setting), tries=5),
]
