"""A function's environment reaches the daemon; nothing in it changes how the executable runs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon

LOADER = {
    "LD_AUDIT": "{trap}/audit.so",
    "LD_DEBUG": "all",
    "LD_LIBRARY_PATH": "{trap}",
    "LD_PRELOAD": "{trap}/preload.so",
}
LIBC = {
    "GCONV_PATH": "{trap}",
    "HOSTALIASES": "{trap}/aliases",
    "LOCPATH": "{trap}",
    "MALLOC_TRACE": "{trap}/malloc",
    "RES_OPTIONS": "nonsense debug",
}
PYTHON = {
    "PYTHONDEVMODE": "1",
    "PYTHONEXECUTABLE": "{trap}/python",
    "PYTHONHASHSEED": "nonsense",
    "PYTHONHOME": "{trap}",
    "PYTHONINSPECT": "1",
    "PYTHONINTMAXSTRDIGITS": "nonsense",
    "PYTHONIOENCODING": "nonsense",
    "PYTHONMALLOC": "nonsense",
    "PYTHONPATH": "{trap}",
    "PYTHONPERFSUPPORT": "1",
    "PYTHONPLATLIBDIR": "{trap}",
    "PYTHONPROFILEIMPORTTIME": "1",
    "PYTHONSTARTUP": "{trap}/select.py",
    "PYTHONTRACEMALLOC": "nonsense",
    "PYTHONUTF8": "nonsense",
    "PYTHONVERBOSE": "1",
    "PYTHONWARNINGS": "error",
    "PYTHON_CPU_COUNT": "nonsense",
    "PYTHON_FROZEN_MODULES": "nonsense",
    "PYTHON_GIL": "nonsense",
}
OPENSSL = {
    "OPENSSL_CONF": "{trap}/openssl.cnf",
    "OPENSSL_ENGINES": "{trap}",
    "OPENSSL_MODULES": "{trap}",
    "SSLKEYLOGFILE": "{trap}/keys",
    "SSL_CERT_DIR": "{trap}",
    "SSL_CERT_FILE": "{trap}/none.pem",
}
OPENSSL_CNF = """\
openssl_conf = all
[all]
ssl_conf = tls
[tls]
system_default = broken
[broken]
CipherString = NULL-SHA
Ciphersuites =
"""


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A folder to which every hook leads."""
    folder = tmp_path / "trap"
    folder.mkdir()
    for name in ("select", "_socket", "encodings", "extension", "sitecustomize", "posixpath"):
        (folder / f"{name}.py").write_text("raise SystemExit('trapped')", "utf-8")
    (folder / "openssl.cnf").write_text(OPENSSL_CNF, "utf-8")
    return folder


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[FakeAws]:
    """A fake AWS that speaks TLS and holds one parameter."""
    with FakeAws(Authority(tmp_path / "authority").issue()) as running:
        running.parameters.put("/key", "value")
        yield running


def hooks(trap: Path) -> dict[str, str]:
    """All variables, each leading to the trap."""
    templates = {**LOADER, **LIBC, **PYTHON, **OPENSSL}
    return {name: value.format(trap=trap) for name, value in templates.items()}


def test_no_hook_in_the_environment_does_anything(layer: Path, trap: Path, aws: FakeAws) -> None:
    """It prefetches over TLS and serves, it says nothing but its log, and leaves no file."""
    before = sorted(trap.iterdir())
    given = {**hooks(trap), **aws.environment(), "KEY": "warmkey:/key"}
    with FakeRuntimeApi() as api, Daemon(layer, api, given) as daemon:
        daemon.wait_until_ready()
        assert daemon.read("KEY") == "value"
        api.shutdown()
        assert daemon.wait_for_end() == 0
        assert daemon.errors == ""
        assert {line["logger"] for line in daemon.lines} == {"warmkey"}
    assert sorted(trap.iterdir()) == before


@pytest.mark.parametrize("family", [LOADER, PYTHON], ids=["LD_*", "PYTHON*"])
def test_the_hooks_would_change_an_ordinary_python(trap: Path, family: dict[str, str]) -> None:
    """Or the test above could not fail."""
    given = {name: value for name, value in hooks(trap).items() if name in family}
    done = subprocess.run([sys.executable, "-c", ""], env=given, capture_output=True, check=False)
    assert done.stderr != b""
