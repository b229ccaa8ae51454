"""The daemon on Managed Instances, where invokes run side by side and nothing ever freezes."""

from concurrent.futures import ThreadPoolExecutor

from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import Start
from tests.integration.raw_client import RawClient

READERS, READS = 32, 25
MANAGED = {
    "AWS_LAMBDA_INITIALIZATION_TYPE": "lambda-managed-instances",
    "AWS_LAMBDA_MAX_CONCURRENCY": str(READERS),
}


def test_the_daemon_asks_for_no_invokes(api: FakeRuntimeApi, start: Start) -> None:
    """An extension that did would be refused there."""
    start(**MANAGED)
    assert api.wait_for(Call.REGISTER).body == b'{"events":["SHUTDOWN"]}'


def test_readers_side_by_side_get_each_what_they_asked_for(aws: FakeAws, start: Start) -> None:
    """Over a connection each, all the time the right value, for the calls of one prefetch."""
    for number in range(READERS):
        aws.parameters.put(f"/p/{number}", f"canary-{number}")
    declared = {f"P{number}": f"warmkey:/p/{number}" for number in range(READERS)}
    daemon = start(**MANAGED, **declared).wait_until_ready()

    def reads(number: int) -> set[bytes]:
        request = daemon.request(f"/v1/secrets/P{number}")
        with RawClient(daemon.port) as client:
            return {client.ask(request).body for _ in range(READS)}

    with ThreadPoolExecutor(READERS) as readers:
        read = list(readers.map(reads, range(READERS)))
    assert read == [{f"canary-{number}".encode()} for number in range(READERS)]
    assert daemon.status()["counters"]["reads"] == READERS * READS
    assert len(aws.calls) == 4
