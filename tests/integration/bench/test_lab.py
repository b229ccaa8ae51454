"""The lab runs and makes its report; none of its figures is judged here."""

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.__main__ import main
from tests.bench.functions import PYTHON
from tests.bench.lab.cell import quick
from tests.bench.lab.quota import CpuQuota, QuotaRefused
from tests.bench.lab.report import TITLES
from tests.bench.lab.results import Results
from tests.bench.lab.run import Run
from tests.bench.lab.variant import Variant
from tests.bench.lab.way import BOTO3, CLIENT, NOTHING, WAYS
from tests.bench.ssm import Ssm
from tests.bench.world import World
from tests.fakes.certificates import Authority
from tests.patience import PATIENCE
from tests.rapid import namespaces
from tests.rapid.runtime import python_bootstrap
from warmkey.deploy.report import Bench


def require_namespaces() -> None:
    """Skip where the Rapid core does not run."""
    try:
        namespaces.isolation()
    except namespaces.NamespacesRefused as refusal:
        pytest.skip(str(refusal))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run of one round."""
    require_namespaces()
    folder = tmp_path_factory.mktemp("report")
    assert main(["--quick", "--into", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def bench(report: Path) -> Bench:
    """What it holds."""
    return Bench.from_json((report / "bench.json").read_text(encoding="utf-8"))


def test_a_run_makes_a_page_and_pictures(report: Path) -> None:
    """In the folder that it is given."""
    names = {file.name for file in report.iterdir()}
    assert names == {"bench.json", "report.html", "waterfall.svg", "comparison.svg"}


def test_everyone_has_a_sample(bench: Bench) -> None:
    """Unless the page says why not; this machine may lack Go or Node."""
    labels = {series.label for series in bench.experiments[0].series}
    told = " ".join(bench.footnotes)
    assert "failed" not in told
    assert {way.label for way in WAYS[PYTHON] if way.label.lower() not in told.lower()} <= labels


def test_the_waterfalls_are_with_warmkey_and_with_boto3(bench: Bench) -> None:
    """Thirty secrets take three calls: side by side in the one, one by one in the other."""
    assert [start.label for start in bench.cold_starts] == [TITLES[CLIENT], TITLES[BOTO3]]
    upstream = [
        [len(lane.spans) for lane in start.lanes if lane.name.startswith("AWS")]
        for start in bench.cold_starts
    ]
    assert upstream == [[2, 2, 2], [4]]


def test_the_extension_tells_its_phases(bench: Bench) -> None:
    """From the launcher until the answers are there."""
    (lane,) = (lane for lane in bench.cold_starts[0].lanes if lane.name == "Extension")
    names = [span.name for span in lane.spans]
    assert names[0] == "launcher: bind, register"
    assert names[-1] == "answers into the cache"


def test_a_function_that_does_not_start_is_counted(tmp_path: Path) -> None:
    """And the others start all the same."""
    require_namespaces()
    (tmp_path / "app.py").write_text("raise ValueError('no')\n", encoding="utf-8")
    broken = Variant(PYTHON, NOTHING, tmp_path, tuple(python_bootstrap("app.handler")), None)
    results = Results()
    with World(tmp_path) as world:
        list(Run([broken], quick(), {}, world, results).round(1))
    told = next(results.failures())
    assert told.startswith("Python, nothing at all (1 secret): 1 of 1 starts failed")


@pytest.fixture
def busy() -> Iterator[subprocess.Popen[bytes]]:
    """A process that wants all the CPU there is, as soon as it is told to begin."""
    command = [sys.executable, "-c", "input()\nwhile True: pass"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:  # noqa: S603
        yield process
        process.kill()


def test_a_quota_holds_a_process_back(busy: subprocess.Popen[bytes]) -> None:
    """The kernel counts how often it wanted more than its share."""
    try:
        with CpuQuota(0.1) as quota:
            quota.hold(busy.pid)
            assert busy.stdin
            busy.stdin.write(b"\n")
            busy.stdin.flush()
            deadline = time.monotonic() + PATIENCE
            while not quota.throttled:
                assert time.monotonic() < deadline
            busy.kill()
            busy.wait()
    except QuotaRefused as refusal:
        pytest.skip(str(refusal))


@pytest.fixture
def ssm(tmp_path: Path) -> Iterator[tuple[Ssm, ssl.SSLContext]]:
    """The benchmarks' SSM, and what trusts it."""
    authority = Authority(tmp_path)
    trust = ssl.create_default_context(cafile=str(authority.bundle))
    with Ssm(authority.issue("localhost").server_context(), "value") as ssm:
        yield ssm, trust


def ask(ssm: Ssm, trust: ssl.SSLContext, names: list[str]) -> list[str]:
    """The values of some parameters, over a connection of its own."""
    body = json.dumps({"Names": names}).encode()
    target = "X-Amz-Target: AmazonSSM.GetParameters"
    head = f"POST / HTTP/1.1\r\n{target}\r\nContent-Length: {len(body)}\r\n\r\n"
    with (
        socket.create_connection(("127.0.0.1", ssm.port), PATIENCE) as plain,
        trust.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        line.sendall(head.encode() + body)
        answer = json.loads(line.recv(65536).partition(b"\r\n\r\n")[2])
    return [each["Value"] for each in answer["Parameters"]]


def test_ssm_has_every_parameter_and_counts_the_calls(
    ssm: tuple[Ssm, ssl.SSLContext],
) -> None:
    """One call for several names."""
    service, trust = ssm
    record = service.begin()
    assert ask(service, trust, ["/a", "/b"]) == ["value", "value"]
    assert [(call.action, call.names) for call in record.calls] == [("GetParameters", 2)]


def test_an_ssm_that_is_far_lets_new_connections_wait(ssm: tuple[Ssm, ssl.SSLContext]) -> None:
    """For their TLS handshake, as over a long distance."""
    service, trust = ssm
    record = service.begin(connecting=0.05)
    ask(service, trust, ["/a"])
    (connection,) = record.connections
    assert connection.secured is not None
    assert connection.secured - connection.opened >= 0.05
