"""What end-to-end tests share."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.e2e.environment import Environment
from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.patience import PATIENT
from tests.rapid import namespaces
from tests.rapid.layer import unpack
from tests.rapid.ports import ReservedPort
from tests.rapid.runtime import add_bootstrap
from tests.rapid.sandbox import Sandbox
from tests.rapid.without_namespaces import available_sandbox


class Launch(Protocol):
    """Starts functions beside the fake AWS."""

    def __call__(
        self, handler: str, sandbox: type[Sandbox] | None = None, /, **variables: str
    ) -> Environment:
        """Start one.

        Args:
            handler: The text of `app.py`, with the handler `handler`.
            sandbox: What runs it; the best that this machine grants, unless told.
            variables: Its variables, beside those that lead to AWS.
        """


@pytest.fixture(scope="session")
def namespaces_granted() -> None:
    """Lets a test run on AWS's Rapid core, or skips it and says what would change that."""
    try:
        namespaces.isolation()
    except namespaces.NamespacesRefused as refusal:
        pytest.skip(str(refusal))


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    """AWS."""
    with FakeAws() as running:
        yield running


@pytest.fixture
def api() -> Iterator[FakeRuntimeApi]:
    """The Extensions API."""
    with FakeRuntimeApi() as running:
        yield running


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """The layer's tree, as users get it."""
    return unpack(tmp_path / "opt")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A function's package, empty as yet."""
    place = tmp_path / "task"
    place.mkdir()
    return place


@pytest.fixture
def launch(aws: FakeAws, layer: Path, package: Path) -> Iterator[Launch]:
    """Starts functions with that layer and that package, and ends them."""
    with ExitStack() as stack:

        def launch(
            handler: str, sandbox: type[Sandbox] | None = None, /, **variables: str
        ) -> Environment:
            (package / "app.py").write_text(handler, encoding="utf-8")
            add_bootstrap(package, "app.handler")
            port = stack.enter_context(ReservedPort()).number
            own = {"WARMKEY_PORT": str(port), **PATIENT, **variables}
            environment = {**aws.environment(), **own}
            sandbox = sandbox or available_sandbox()
            function = sandbox(package=package, layer=layer, environment=environment)
            token = environment.get("AWS_SESSION_TOKEN", "")
            return Environment(stack.enter_context(function), port, token)

        yield launch
