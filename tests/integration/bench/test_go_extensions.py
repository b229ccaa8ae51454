"""The Go extensions that Warmkey is measured against do what they are measured for."""

from collections.abc import Iterator

import pytest

from tests.bench import peers
from tests.bench.peer import Peer
from tests.bench.world import listed
from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.process import EndpointProcess
from tests.languages.language import Unavailable
from tests.rapid.ports import ReservedPort


@pytest.fixture(scope="module", params=[peers.GO, peers.LEAN_GO])
def peer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Peer:
    """One of them; skips where there is no Go."""
    try:
        return peers.BUILDERS[request.param](tmp_path_factory.mktemp("built"))
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture
def api(peer: Peer) -> Iterator[FakeRuntimeApi]:
    """The Extensions API, which knows it by name."""
    with FakeRuntimeApi(extensions=[peer.name]) as running:
        yield running


@pytest.fixture
def serving(peer: Peer, aws: FakeAws, api: FakeRuntimeApi, count: int) -> Iterator[EndpointProcess]:
    """It, with so many parameters, once it has asked for its first event."""
    names = {f"KEY{number}": f"/bench/{number}" for number in range(count)}
    for name in names.values():
        aws.parameters.put(name, f"canary{name}")
    with ReservedPort() as port:
        environment = {
            **aws.environment(),
            **listed(names),
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "BENCH_PORT": str(port.number),
            "WARMKEY_PORT": str(port.number),
        }
        with EndpointProcess([str(peer.executable)], environment) as process:
            api.wait_for(Call.EVENT_NEXT)
            yield process


@pytest.mark.parametrize(("count", "calls"), [(1, ["GetParameter"]), (12, ["GetParameters"] * 2)])
def test_a_go_extension_serves_what_its_signed_calls_have_brought(
    aws: FakeAws, api: FakeRuntimeApi, serving: EndpointProcess, count: int, calls: list[str]
) -> None:
    """The fake refuses what is not signed as AWS wants it; SHUTDOWN ends it."""
    assert aws.actions == calls
    for number in range(count):
        assert serving.read(f"KEY{number}") == f"canary/bench/{number}"
    api.shutdown()
    assert serving.wait_for_end() == 0
