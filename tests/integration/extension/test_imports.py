"""Nothing is imported once the daemon is: not even the module of what is rare.

In the layer that holds by itself: the snapshot has no code left to import (docs/how/snapshot.md),
so that whatever would be, fails. Here, where the sources run, it is seen before a layer is built.
"""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.process import PATIENT_SERVICES, EndpointProcess

ROOT = Path(__file__).parents[3]
WATCHED = f"""if True:
    import sys
    sys.path.insert(0, {str(ROOT)!r})
    from extension import __main__
    import os
    sys.argv[0] = "warmkey"
    def audit(event, arguments):
        if event == "import":
            os.write(2, f"imported: {{arguments[0]}}\\n".encode())
    sys.addaudithook(audit)
    __main__.main()
"""
COMMAND = [sys.executable, "-I", "-S", "-B", "-c", WATCHED]
TARGETS = (
    *("/ping", "/absent", "/v1/status", "/v1/secrets", "/v1/secrets?format=shell"),
    *("/v1/secrets/p?refresh=true", "/v1/secrets/s.f?format=json", "/v1/secrets/absent"),
    *("/v1/secrets/binary?format=json", "/v1/secrets/pp"),
    "/systemsmanager/parameters/get?name=/p&label=x",
    "/secretsmanager/get?secretId=binary&versionStage=AWSPREVIOUS",
)


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[FakeAws]:
    """AWS, over TLS."""
    with FakeAws(Authority(tmp_path / "authority").issue()) as running:
        yield running


def imported(process: EndpointProcess) -> list[str]:
    """The modules that a process has imported since it was started, once it has ended."""
    assert process.wait_for_end() == 0, process.output
    return [line for line in process.errors.splitlines() if line.startswith("imported: ")]


def test_an_extension_imports_nothing_once_it_runs(aws: FakeAws, tmp_path: Path) -> None:
    """From its registration to its end, whatever is read and whatever goes wrong."""
    aws.parameters.put("/p", "canary")
    aws.parameters.put("/path/a", "canary")
    aws.secrets.put("s", '{"f": "canary"}')
    aws.secrets.put("binary", b"canary\xff")
    config = tmp_path / "warmkey.json"
    config.write_text(
        '{"secrets": {"p": "/p", "path": "ssm:/path/*", "s": "secretsmanager:s",'
        ' "binary": "secretsmanager:binary", "absent": "/absent"}}'
    )
    environment = {**PATIENT_SERVICES, **aws.environment(), "WARMKEY_CONFIG": str(config)}
    environment |= {"WARMKEY_LOG_LEVEL": "debug", "WARMKEY_LGO_LEVEL": "debug", "V": "warmkey:/p"}
    with FakeRuntimeApi() as api:
        environment["AWS_LAMBDA_RUNTIME_API"] = api.address
        with EndpointProcess(COMMAND, environment) as daemon:
            api.wait_for(Call.EVENT_NEXT)
            for target in TARGETS:
                daemon.get(target)
            api.shutdown()
            assert imported(daemon) == []


def test_a_sidecar_imports_nothing_once_it_runs(tmp_path: Path) -> None:
    """With a local file, and to the signal that ends it."""
    (tmp_path / ".env").write_text("KEY=canary\n")
    command = [*COMMAND, "serve", "--local", str(tmp_path / ".env")]
    with EndpointProcess(command, {"WARMKEY_TOKEN": "mine"}) as sidecar:
        sidecar.wait_for_line('"message":"ready"')
        sidecar.token = "mine"
        assert sidecar.read("KEY") == "canary"
        sidecar.process.send_signal(signal.SIGTERM)
        assert imported(sidecar) == []
