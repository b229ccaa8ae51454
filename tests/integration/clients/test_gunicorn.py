"""The thin client in gunicorn's workers, which are forked off a process that has read already."""

import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.patience import PATIENCE

PACKAGE = Path(__file__).parents[3] / "layer/python"
WORKERS = 2
APPLICATION = """
import os, warmkey
EARLY = warmkey.get("KEY")

def application(environ, start_response):
    start_response("200 OK", [])
    return [f"{os.getpid()} {EARLY} {warmkey.get('KEY')}".encode()]
"""
SETTINGS = f"""
preload_app = True
workers = {WORKERS}
graceful_timeout = 1

def when_ready(server):
    print("ready", flush=True)
"""


def ask(path: Path) -> list[str]:
    """What one of the workers answers: its number, what was read before the fork, and after it."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(str(path))
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    return answer.partition(b"\r\n\r\n")[2].decode().split()


@pytest.mark.parametrize("threads", [1, WORKERS])
def test_each_worker_reads(endpoint: FakeEndpoint, tmp_path: Path, threads: int) -> None:
    """All at one time, and each on connections of its own."""
    endpoint.serve("KEY", "value", max_age=0)
    (tmp_path / "program.py").write_text(APPLICATION, encoding="utf-8")
    (tmp_path / "settings.py").write_text(SETTINGS, encoding="utf-8")
    options = ["-c", f"{tmp_path}/settings.py", "-b", f"unix:{tmp_path}/socket"]
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "gunicorn", *options, f"--threads={threads}", "program:application"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PACKAGE), **endpoint.environ},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
            endpoint.before_answering = threading.Barrier(WORKERS, timeout=PATIENCE).wait
            with ThreadPoolExecutor(WORKERS) as pool:
                answers = list(pool.map(ask, [tmp_path / "socket"] * WORKERS))
        finally:
            server.terminate()
    assert [read for _, *read in answers] == [["value", "value"]] * WORKERS
    assert len(endpoint.requests) == 1 + WORKERS
    if threads == 1:  # so that each worker has one of them
        assert len({process for process, *_ in answers}) == WORKERS
