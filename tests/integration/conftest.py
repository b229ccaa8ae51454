"""What the tests of the daemon share: the staged layer, the fakes around it, and a way to start."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import pytest
from botocore.loaders import JSONFileLoader

from layer.build import targets
from layer.build.executables import launcher
from layer.build.plan import REPOSITORY
from tests.fakes.aws import FakeAws
from tests.fakes.bench_command import BenchCommand
from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.operator import Operator
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.fakes.security_token_service import FakeSts
from tests.integration.daemon import Daemon
from tests.integration.process import PATIENT_SERVICES, EndpointProcess
from tests.integration.sidecar import Sidecar
from tests.rapid.layer import build, stage, unpack
from tests.rapid.ports import ReservedPort

CANARY = "canary"
"""Part of every secret value in these tests; it must not appear in any output."""


class Start(Protocol):
    """Starts the daemon beside the fakes."""

    def __call__(self, **variables: str | None) -> Daemon:
        """Start it with time-outs of a minute, the fake AWS's variables and these.

        Args:
            variables: Its variables; None takes one away.
        """


class Serve(Protocol):
    """Starts sidecars beside the fake AWS."""

    def __call__(
        self,
        command: Sequence[str] = (),
        descriptors: Sequence[int] = (),
        /,
        **variables: str | None,
    ) -> Sidecar:
        """Start one with time-outs of a minute, the fake AWS's variables and these.

        Args:
            command: What starts it; `warmkey serve` from the sources, unless told otherwise.
            descriptors: What it inherits.
            variables: Its variables; None takes one away.
        """


@pytest.fixture(scope="session", autouse=True)
def service_models() -> Iterator[None]:
    """AWS's models of its services, parsed once: every session of boto3 would do so again."""
    load = cache(JSONFileLoader().load_file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JSONFileLoader, "load_file", lambda _, path: load(path))
        yield


@pytest.fixture(scope="session")
def layer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layer's tree, as under `/opt`: what users get, or the sources where a test asks."""
    opt = tmp_path_factory.mktemp("layer") / "opt"
    return stage(opt) if getattr(request, "param", "zip") == "sources" else unpack(opt)


@pytest.fixture(scope="session")
def opt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A layer's tree with the real launcher and the fake interpreter."""
    built, folder = build(), tmp_path_factory.mktemp("o")
    made = built.launcher(targets.host()) / "warmkey"
    for name in ("extensions/warmkey", "warmkey-exec"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(made, folder / name)
    fake = REPOSITORY / "tests/fakes/interpreter.c"
    (folder / "warmkey").mkdir()
    launcher.build(built.materials.sysroot(targets.host()), folder / "warmkey/warmkey", fake)
    return folder


@pytest.fixture
def free() -> Iterator[ReservedPort]:
    """A port that nobody listens on."""
    with ReservedPort() as reserved:
        yield reserved


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    """SSM and Secrets Manager."""
    with FakeAws() as running:
        yield running


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    """An endpoint that declares nothing yet, for a thin client."""
    with FakeEndpoint() as running:
        yield running


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """An operator at work, in an empty folder."""
    with Operator(tmp_path / "project") as working:
        yield working


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[BenchCommand]:
    """`warmkey bench`, with a Lambda of its own and a function to measure."""
    with BenchCommand(tmp_path / "project") as command:
        yield command


@pytest.fixture
def api() -> Iterator[FakeRuntimeApi]:
    """The Extensions API."""
    with FakeRuntimeApi() as running:
        yield running


@pytest.fixture
def start(layer: Path, aws: FakeAws, api: FakeRuntimeApi) -> Iterator[Start]:
    """Starts daemons, ends them, and makes sure that their output is a log without secrets."""
    started: list[Daemon] = []
    with ExitStack() as stack:

        def start(**variables: str | None) -> Daemon:
            given = {**PATIENT_SERVICES, **aws.environment(), **variables}
            environment = {name: value for name, value in given.items() if value is not None}
            started.append(stack.enter_context(Daemon(layer, api, environment)))
            return started[-1]

        yield start
    for daemon in started:
        assert_clean(daemon)


@pytest.fixture
def serve(aws: FakeAws) -> Iterator[Serve]:
    """Starts sidecars, ends them, and makes sure that their output is a log without secrets."""
    started: list[Sidecar] = []
    with ExitStack() as stack:

        def serve(
            command: Sequence[str] = (),
            descriptors: Sequence[int] = (),
            /,
            **variables: str | None,
        ) -> Sidecar:
            given = {**PATIENT_SERVICES, **aws.environment(), **variables}
            environment = {name: value for name, value in given.items() if value is not None}
            sidecar = Sidecar(environment, command=command, descriptors=descriptors)
            started.append(stack.enter_context(sidecar))
            return sidecar

        yield serve
    for sidecar in started:
        assert_clean(sidecar)


def assert_clean(daemon: EndpointProcess) -> None:
    """Assert that an ended process wrote nothing but log lines, and no secret into them."""
    assert daemon.errors == ""
    assert all(line["logger"] == "warmkey" for line in daemon.lines)
    assert CANARY not in daemon.output
    assert not daemon.token or daemon.token not in daemon.output


@contextmanager
def serving(
    layer: Path, put: Callable[[FakeAws], Mapping[str, str]], **variables: str
) -> Iterator[Daemon]:
    """A daemon with fakes of its own, for all tests of a module that change nothing.

    Args:
        layer: The layer's tree.
        put: Puts secrets into the fake AWS, and returns their references by alias.
        variables: More variables of the daemon.
    """
    with (
        FakeAws() as aws,
        FakeSts(aws.keys) as sts,
        FakeRuntimeApi() as api,
        TemporaryDirectory() as folder,
    ):
        config = Path(folder) / "warmkey.json"
        config.write_text(json.dumps({"secrets": dict(put(aws))}))
        given = {
            **PATIENT_SERVICES,
            **aws.environment(),
            **sts.environment(),
            "WARMKEY_CONFIG": str(config),
            **variables,
        }
        with Daemon(layer, api, given) as daemon:
            yield daemon.wait_until_ready()
        assert_clean(daemon)
