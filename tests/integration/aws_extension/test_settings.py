"""What AWS's Parameters and Secrets extension is set up by holds for Warmkey, too."""

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import THROTTLE
from tests.fakes.http_service import Delivery
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.conftest import Start
from tests.integration.daemon import Daemon
from tests.rapid.ports import ReservedPort

AWS_PREFIX = "PARAMETERS_SECRETS_EXTENSION_"
PARAMETER = "/systemsmanager/parameters/get?withDecryption=true&name="
SECRET = "/secretsmanager/get?secretId="


@pytest.fixture(autouse=True)
def secrets(aws: FakeAws) -> None:
    """Three parameters and a secret."""
    for name in ("/a", "/b", "/c"):
        aws.parameters.put(name, f"canary{name}")
    aws.secrets.put("s", "canary-s")


def read(daemon: Daemon, *targets: str) -> None:
    """Read parameters, or whole targets, in turn."""
    for target in targets:
        path = PARAMETER + target if target.startswith("/") and "?" not in target else target
        answer = daemon.get(path)
        assert answer.status_code == 200, answer.text


def ended(daemon: Daemon, api: FakeRuntimeApi) -> Daemon:
    """The daemon, after SHUTDOWN: everything that it logs is there."""
    api.shutdown()
    assert daemon.wait_for_end() == 0
    return daemon


def asked(aws: FakeAws) -> list[str]:
    """The names that AWS was asked for, in order."""
    return [name for call in aws.calls for name in call.names]


def test_the_port_is_where_the_official_variable_says(free: ReservedPort, start: Start) -> None:
    """Clients read it from the same variable."""
    daemon = start(**{AWS_PREFIX + "HTTP_PORT": str(free.number)}).wait_until_ready()
    assert daemon.port == free.number
    read(daemon, "/a")


def test_each_service_has_a_time_to_live_of_its_own(aws: FakeAws, start: Start) -> None:
    """Zero means that every read goes upstream."""
    daemon = start(SSM_PARAMETER_STORE_TTL="0", SECRETS_MANAGER_TTL="250").wait_until_ready()
    read(daemon, "/a", "/a", SECRET + "s", SECRET + "s")
    assert asked(aws) == ["/a", "/a", "s"]
    left = daemon.get(SECRET + "s").headers["Cache-Control"].rpartition("=")[2]
    assert 100 < int(left) <= 250


def test_a_time_to_live_above_aws_s_maximum_works_as_it_stands(
    api: FakeRuntimeApi, start: Start
) -> None:
    """There, 300 seconds are the most."""
    daemon = start(SSM_PARAMETER_STORE_TTL="1000").wait_until_ready()
    left = daemon.get(PARAMETER + "/a").headers["Cache-Control"].rpartition("=")[2]
    assert 300 < int(left) <= 1000
    assert ended(daemon, api).logged("WARN") == []


@pytest.mark.parametrize("variable", [AWS_PREFIX + "CACHE_SIZE", "WARMKEY_CACHE_SIZE"])
def test_the_cache_holds_so_many_and_the_declared_ones(
    aws: FakeAws, start: Start, variable: str
) -> None:
    """What was not read for longest goes first; what is declared never does."""
    daemon = start(A="warmkey:/a", **{variable: "1"}).wait_until_ready()
    read(daemon, "/b", "/b", "/c", "/c", "/a", SECRET + "s", "/c")
    assert asked(aws) == ["/a", "/b", "/c", "s", "/c"]
    assert daemon.read("A") == "canary/a"


@pytest.mark.parametrize(
    "variables",
    [
        {AWS_PREFIX + "CACHE_ENABLED": "false"},
        {AWS_PREFIX + "CACHE_ENABLED": "FALSE", AWS_PREFIX + "CACHE_SIZE": "10"},
        {AWS_PREFIX + "CACHE_SIZE": "0"},
        {"WARMKEY_CACHE_SIZE": "0"},
    ],
)
def test_read_goes_upstream_without_a_cache(
    aws: FakeAws, start: Start, variables: dict[str, str]
) -> None:
    """But for what is declared, which is there before anyone reads it."""
    daemon = start(A="warmkey:/a", **variables).wait_until_ready()
    read(daemon, "/b", "/b", "/a", "/a", "/b")
    assert asked(aws) == ["/a", "/b", "/b", "/b"]


def test_each_service_has_a_timeout_of_its_own(aws: FakeAws, start: Start) -> None:
    """Of which a read has five; the other service goes on being asked."""
    aws.faults.always("/a", Delivery.HANG)
    daemon = start(
        SSM_PARAMETER_STORE_TIMEOUT_MILLIS="500", SECRETS_MANAGER_TIMEOUT_MILLIS="59000"
    ).wait_until_ready()
    answer = daemon.get(PARAMETER + "/a")
    assert answer.status_code == 400
    assert "did not answer in time" in answer.text
    assert 1 < daemon.status()["counters"]["upstreamCalls"] < 10
    read(daemon, SECRET + "s")


def test_the_connections_are_as_many_as_it_says(aws: FakeAws, start: Start) -> None:
    """To each service; reads that need more wait for one."""
    declared = {f"P{number}": f"warmkey:/a:{number}" for number in range(30)}
    start(**declared, **{AWS_PREFIX + "MAX_CONNECTIONS": "1"}).wait_until_ready()
    assert len(aws.calls) == 3
    assert aws.connections == 1


@pytest.mark.parametrize(
    ("level", "levels"),
    [
        ("DEBUG", {"DEBUG", "INFO", "WARN", "ERROR"}),
        ("info", {"INFO", "WARN", "ERROR"}),
        ("Warn", {"WARN", "ERROR"}),
        ("ERROR", {"ERROR"}),
        ("NONE", set()),
    ],
)
def test_the_log_says_as_much_as_it_is_told_to(
    aws: FakeAws, api: FakeRuntimeApi, start: Start, level: str, levels: set[str]
) -> None:
    """In any case."""
    aws.faults.once("/a", THROTTLE)
    daemon = start(
        A="warmkey:/a",
        GONE="warmkey:secretsmanager:gone",
        SECRETS_MANAGER_TTL="long",
        **{AWS_PREFIX + "LOG_LEVEL": level},
    ).wait_until_ready()
    assert {line["level"] for line in ended(daemon, api).lines} == levels


@pytest.mark.parametrize(
    ("variable", "value", "default"),
    [
        ("SSM_PARAMETER_STORE_TTL", "5m", "300"),
        ("SECRETS_MANAGER_TIMEOUT_MILLIS", "-1", "2000"),
        (AWS_PREFIX + "CACHE_SIZE", "-1", "1000"),
        (AWS_PREFIX + "CACHE_ENABLED", "on", "true"),
        (AWS_PREFIX + "LOG_LEVEL", "loud", "info"),
    ],
)
def test_invalid_setting_is_a_warning_and_the_default(
    api: FakeRuntimeApi, start: Start, variable: str, value: str, default: str
) -> None:
    """A function that swaps the layer goes on working."""
    daemon = start(**{variable: value}).wait_until_ready()
    read(daemon, "/a")
    (line,) = ended(daemon, api).logged("WARN")
    assert line["message"].startswith(f"{variable} is '{value}', not ")
    assert line["message"].endswith(f"using the default {default}")


def test_the_well_known_slip_in_the_prefix_is_told(api: FakeRuntimeApi, start: Start) -> None:
    """With the name that was meant."""
    daemon = start(PARAMETERS_AND_SECRETS_EXTENSION_CACHE_SIZE="5").wait_until_ready()
    assert [line["message"] for line in ended(daemon, api).logged("WARN")] == [
        "PARAMETERS_AND_SECRETS_EXTENSION_CACHE_SIZE is not a setting; "
        "did you mean PARAMETERS_SECRETS_EXTENSION_CACHE_SIZE?"
    ]
