"""What the tests of the thin clients share."""

from collections.abc import Iterator

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.integration.clients.node_client import NodeClient
from tests.integration.clients.python_client import PythonClient
from tests.integration.clients.thin_client import Connect, ThinClient


@pytest.fixture(params=[PythonClient, NodeClient], ids=["Python", "Node.js"])
def connect(request: pytest.FixtureRequest) -> Connect:
    """Each of the clients in turn."""
    connect: Connect = request.param
    return connect


@pytest.fixture
def client(connect: Connect, endpoint: FakeEndpoint) -> Iterator[ThinClient]:
    """A client with that endpoint's environment."""
    with connect(endpoint.environ) as client:
        yield client
