"""The thin client reads over a connection of its own each time, whatever became of others."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Delivery, Response
from tests.patience import PATIENCE
from warmkey import Client, EndpointUnavailable

PACKAGE = Path(__file__).parents[3] / "layer/python"
MOST = 64
FORK_AMID_READS = f"""
import os, sys, threading, warmkey
def read(): print(warmkey.get("KEY"), flush=True)
threads = [threading.Thread(target=read) for _ in range({MOST})]
for thread in threads: thread.start()
sys.stdin.readline()
if os.fork() == 0:
    print("the child:", warmkey.get("KEY"), flush=True)
    os._exit(0)
for thread in threads: thread.join()
"""
POOL = """
import multiprocessing, os, warmkey
def read(alias):
    return warmkey.get(alias)
if __name__ == "__main__":
    warmkey.get("KEY")
    with multiprocessing.get_context(os.environ["METHOD"]).Pool(4) as pool:
        print(pool.map(read, [f"KEY_{n}" for n in range(8)]), end="")
        pool.close()
        pool.join()
"""
SOON = 2.0  # seconds: for what never comes, and yet long enough for an answer that does


@pytest.fixture
def endpoint(endpoint: FakeEndpoint) -> FakeEndpoint:
    """The endpoint, with a value that no client keeps."""
    endpoint.serve("KEY", "value", max_age=0)
    return endpoint


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Client:
    """A client with that endpoint's environment."""
    return Client(endpoint.environ)


def run(script: str | Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script in an interpreter of its own that takes every warning for an error."""
    return subprocess.run(  # noqa: S603 - our own script
        [
            sys.executable,
            "-X",
            "dev",
            "-W",
            "error",
            *(("-c",) if isinstance(script, str) else ()),
            script,
        ],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PACKAGE), **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("delivery", [Delivery.HANG, Delivery.HANG_IN_BODY], ids=lambda d: d.name)
def test_a_read_gives_up_on_silence(endpoint: FakeEndpoint, delivery: Delivery) -> None:
    """Once, and the next read begins anew."""
    endpoint.break_next(delivery)
    client = Client(endpoint.environ, timeout=SOON)

    with pytest.raises(EndpointUnavailable, match="timed out"):
        client.get("KEY")
    assert client.get("KEY") == "value"
    assert len(endpoint.requests) == 2


def test_reads_of_many_threads_do_not_mix(endpoint: FakeEndpoint, client: Client) -> None:
    """Each gets its own alias's value."""
    aliases = [f"KEY_{n % 7}" for n in range(800)]
    for alias in set(aliases):
        endpoint.serve(alias, f"value of {alias}", max_age=0)

    with ThreadPoolExecutor(8) as pool:
        values = list(pool.map(client.get, aliases))

    assert values == [f"value of {alias}" for alias in aliases]


def test_a_read_that_waits_holds_up_no_other(endpoint: FakeEndpoint, client: Client) -> None:
    """Both are under way at once, or the barrier breaks."""
    endpoint.before_answering = threading.Barrier(2, timeout=PATIENCE).wait

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(client.get, ["KEY", "KEY"])) == ["value", "value"]


def test_parent_and_child_read_after_a_fork(endpoint: FakeEndpoint) -> None:
    """Each gets its own secret, as nothing of a connection is inherited."""
    for alias in "ABC":
        endpoint.serve(alias, f"value of {alias}")

    done = run(
        """
import os, warmkey
warmkey.get("A")
child = os.fork()
alias = "C" if child else "B"
if child:
    assert os.waitpid(child, 0)[1] == 0
assert warmkey.get(alias) == f"value of {alias}"
""",
        endpoint.environ,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert [request.target[-1] for request in endpoint.requests] == ["A", "B", "C"]


def test_reads_at_once_share_64_connections(endpoint: FakeEndpoint, client: Client) -> None:
    """Further ones wait for theirs: each answer is held until there are as many as there may be."""
    together, lock = threading.Barrier(MOST, timeout=PATIENCE), threading.Lock()
    under_way = most = 0

    def hold() -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        together.wait()
        with lock:
            under_way -= 1

    endpoint.before_answering = hold
    with ThreadPoolExecutor(4 * MOST) as pool:
        assert list(pool.map(client.get, ["KEY"] * 4 * MOST)) == ["value"] * 4 * MOST
    assert most == MOST


def test_a_child_reads_though_its_parents_connections_were_all_in_use(
    endpoint: FakeEndpoint,
) -> None:
    """As when gunicorn or multiprocessing forks while threads read: those threads are not there."""
    release, all_held = threading.Event(), threading.Event()

    def hold() -> None:
        if len(endpoint.requests) == MOST:
            all_held.set()
        if len(endpoint.requests) <= MOST:
            release.wait(PATIENCE)

    endpoint.before_answering = hold
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-W", "ignore", "-c", FORK_AMID_READS],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PACKAGE), **endpoint.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert all_held.wait(PATIENCE)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("fork\n")
        process.stdin.flush()
        assert process.stdout.readline() == "the child: value\n"
        release.set()
        assert process.stdout.read() == "value\n" * MOST


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_pool_of_processes_reads(endpoint: FakeEndpoint, tmp_path: Path, method: str) -> None:
    """Though the parent has read before it starts them."""
    for number in range(8):
        endpoint.serve(f"KEY_{number}", f"value {number}")
    program = tmp_path / "program.py"
    program.write_text(POOL, encoding="utf-8")
    done = run(program, {**endpoint.environ, "METHOD": method})
    assert (done.stderr, done.stdout) == ("", str([f"value {number}" for number in range(8)]))


def test_a_function_reads_past_every_proxy_and_leaves_nothing_open(
    endpoint: FakeEndpoint,
) -> None:
    """The module's own functions, in a process whose proxies lead nowhere."""
    endpoint.serve("DB", '{"user": "app"}')
    endpoint.answer("/v1/secrets", Response(200, b'{"KEY": "value"}'))
    nowhere = "http://127.0.0.1:1"
    proxies = {"HTTP_PROXY": nowhere, "http_proxy": nowhere, "ALL_PROXY": nowhere}

    done = run(
        """
import warmkey
print(warmkey.get("KEY"), warmkey.get_bytes("KEY"), warmkey.get_json("DB"), warmkey.get_all())
""",
        endpoint.environ | proxies,
    )

    assert done.stderr == ""
    assert done.stdout == "value b'value' {'user': 'app'} {'KEY': 'value'}\n"


def test_a_read_without_a_descriptor_left_is_an_error_of_warmkeys(endpoint: FakeEndpoint) -> None:
    """It says why, and gives its turn to the next."""
    done = run(
        """
import resource
import warmkey

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
for _ in range(65):  # one more than may be under way at one time
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        warmkey.get("KEY")
    except warmkey.EndpointUnavailable as error:
        assert "Too many open files" in str(error), error
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
print(warmkey.get("KEY"))
""",
        endpoint.environ,
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "value\n")
