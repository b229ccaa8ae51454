"""The fake Runtime API, held against AWS's own core: one conversation with both."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.runtime_api import FakeRuntimeApi
from tests.rapid import conversation
from tests.rapid.conversation import Side, Transcript
from tests.rapid.function import Function
from tests.rapid.layer import add_extension

# Extension and runtime do nothing: the conversation plays both.
IDLE_EXTENSION = "#!/bin/sh\necho probe runs\nexec sleep 600\n"
IDLE_RUNTIME = ["/bin/sh", "-c", "echo runtime runs; exec sleep 600", "app.handler"]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes at the test's end what the sides have opened."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def real(stack: ExitStack, tmp_path: Path) -> Side:
    """AWS's core, with its extension started."""
    background = stack.enter_context(ThreadPoolExecutor())
    package = tmp_path / "package"
    package.mkdir()
    add_extension(tmp_path / "layer", conversation.NAME, IDLE_EXTENSION)
    function = stack.enter_context(
        Function(package=package, layer=tmp_path / "layer", bootstrap=IDLE_RUNTIME)
    )
    invoked = background.submit(function.invoke, {"n": 1})
    function.wait_for_log("probe runs")
    return Side(
        function.runtime_api,
        invoked,
        function.invoke,
        function.request_shutdown,
        background,
        lambda: function.wait_for_log("runtime runs"),
    )


@pytest.fixture
def fake(stack: ExitStack) -> Side:
    """The fake, which lets the same extension register."""
    background = stack.enter_context(ThreadPoolExecutor())
    api = stack.enter_context(FakeRuntimeApi(extensions=[conversation.NAME]))
    invoked = background.submit(api.invoke, {"n": 1})

    def shutdown() -> None:
        api.shutdown("SandboxTerminated")

    def nothing() -> None:
        """The fake takes requests of the runtime at any time."""

    return Side(api.address, invoked, api.invoke, shutdown, background, nothing)


@pytest.mark.usefixtures("namespaces_granted")
@pytest.mark.parametrize(
    "converse",
    [
        conversation.registration,
        conversation.identification,
        conversation.init_error,
        conversation.exit_error,
        conversation.runtime_init_error,
        conversation.a_whole_life,
    ],
    ids=lambda converse: str(converse.__name__),
)
def test_the_fake_says_what_the_real_core_says(
    converse: Callable[[Side], Transcript], real: Side, fake: Side
) -> None:
    """The same requests get the same statuses, header names, keys and error types."""
    assert converse(fake) == converse(real)
