"""What a cold start imports before its first requests are sent, and what until it serves.

Every millisecond of import before those requests is added to the cold start as it is, and after
them as CPU. What each module costs stands in the design, so a list that grows is a decision.
"""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.patience import PATIENCE
from tests.rapid.ports import ReservedPort

ROOT = Path(__file__).parents[2]
# Beyond what a bare interpreter has: C modules, 0.2 ms each; `_hashlib` for the signatures and
# `_ssl` for TLS cost 1 ms each, and the modules above them 2 and 9. `__future__` is a page of
# constants.
TO_SEND = {
    "__future__",
    "_hashlib",
    "_json",
    "_socket",
    "_ssl",
    "datetime",
    "errno",
    "gc",
    "select",
}
# What `datetime` imports in turn; before Python 3.13 the last three, too.
OF_DATETIME = {"_datetime", "_operator", "math", "operator"}
TO_SERVE = {"_heapq", "_operator", "_queue"}
OWN_TO_SEND = """
    __main__ aws aws.call_phases aws.calls aws.client aws.credentials aws.prefetch aws.sigv4
    declared declared.declarations declared.json_text declared.reference declared.settings
    declared.stages declared.text_file declared.variables endpoint endpoint.listener extension
    http http.address http.channel http.connection http.failure http.lookup http.messages
    http.tls http.translation http.trust_store run run.lambda_api run.lambda_events run.phases
    run.start value
"""
OWN_TO_SERVE = """
    aws.errors aws.fetcher aws.parameters_by_path aws.replies aws.retry aws.secret_batch
    aws.upstream aws.workers cache cache.cache cache.freshness cache.outcome cache.pending_read
    cache.secret_store cache.single_flight endpoint.access endpoint.aws_api
    endpoint.client_connection endpoint.endpoint endpoint.json_field endpoint.problem
    endpoint.representation endpoint.response_cache endpoint.responses endpoint.routes
    endpoint.server endpoint.status http.dates http.loop run.daemon run.extension run.log
    run.shortage run.signals run.standard_output run.start_failure
"""
# What `extension/__main__.py` does, on an interpreter that imports nothing by itself.
CHILD = f"""if True:
    import posix, sys
    bare = set(sys.modules)
    sys.path.insert(0, {str(ROOT)!r})
    from extension import __main__
    from extension.run import start
    environ = {{name.decode(): value.decode() for name, value in posix.environ.items()}}
    start._HEAD_START = {PATIENCE}  # or else workers send what a slow fake keeps waiting
    begun = start.begin(environ, "warmkey")
    if begun.failure:
        raise begun.failure
    sent = set(sys.modules)
    from extension.run import extension
    serving = set(sys.modules)
    posix.write(1, f"{{' '.join(sent - bare)}}\\n{{' '.join(serving - sent)}}".encode())
    posix.read(0, 1)  # until the requests have arrived; leaving would reset the connections
    posix._exit(0)
"""


class Imported(NamedTuple):
    """The modules that a cold start has imported.

    Attributes:
        to_send: Until its first requests were sent.
        to_serve: From then on, until it serves.
    """

    to_send: set[str]
    to_serve: set[str]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """What one cold start imports, with all that is usual: variable, file, both services, TLS."""
    folder = tmp_path_factory.mktemp("cold")
    config = folder / "warmkey.json"
    config.write_text('{"secrets": {"b": "/b", "c": "secretsmanager:c"}}')
    with (
        FakeAws(Authority(folder / "authority").issue()) as aws,
        FakeRuntimeApi() as api,
        ReservedPort() as port,
    ):
        environment = {
            **aws.environment(),
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "WARMKEY_PORT": str(port.number),
            "WARMKEY_CONFIG": str(config),
            "A": "warmkey:/a",
        }
        child = [sys.executable, "-I", "-S", "-c", CHILD]
        with subprocess.Popen(child, env=environment, stdin=-1, stdout=-1) as process:  # noqa: S603
            calls = aws.wait_for_calls(2)
            api.wait_for(Call.REGISTER)
            output, _ = process.communicate(timeout=PATIENCE)
    assert {call.action for call in calls} == {"GetParameters", "GetSecretValue"}
    to_send, to_serve = output.decode().splitlines()
    return Imported(set(to_send.split()), set(to_serve.split()))


def standard(modules: set[str]) -> set[str]:
    """Those that are not the daemon's own."""
    return {name for name in modules if name.partition(".")[0] != "extension"}


def own(modules: set[str]) -> set[str]:
    """Those that are, by their names in `extension/`."""
    return {name.removeprefix("extension.") for name in modules - standard(modules)}


def test_the_first_requests_are_sent_with_the_cheap_modules_alone(imported: Imported) -> None:
    """Nothing of socket, ssl, os, re, json, threading, typing."""
    assert TO_SEND <= standard(imported.to_send) <= TO_SEND | OF_DATETIME


def test_the_first_requests_are_sent_with_what_they_need_of_ours(imported: Imported) -> None:
    """The endpoint and the life of an extension come later."""
    assert own(imported.to_send) == set(OWN_TO_SEND.split())


def test_serving_needs_little_more(imported: Imported) -> None:
    """What is rare is imported when it is needed."""
    assert standard(imported.to_serve) == TO_SERVE - imported.to_send
    assert own(imported.to_serve) == set(OWN_TO_SERVE.split())
