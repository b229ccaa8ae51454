"""AWS is reached through an HTTP proxy, where there is one, and under its own names."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.accounts import OTHER, Accounts
from tests.fakes.aws import ACCOUNT, REGION
from tests.fakes.certificates import Authority
from tests.fakes.connect_proxy import ConnectProxy
from tests.integration.daemon import Daemon
from tests.integration.extension.conftest import Begin
from tests.integration.process import SHORT
from tests.rapid.ports import ReservedPort

USER = "warmkey:canary-of-the-proxy"
HERE = [f"{service}.{REGION}.amazonaws.com" for service in ("ssm", "secretsmanager", "sts")]
THERE = [f"{service}.us-east-1.amazonaws.com" for service in ("ssm", "secretsmanager")]
ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS")


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    """AWS, with a certificate for its own names."""
    authority = Authority(tmp_path / "authority")
    with Accounts(authority.issue(*HERE, *THERE, "localhost", "127.0.0.1")) as running:
        running.home.parameters.put("/p", "canary")
        yield running


def servers(accounts: Accounts) -> dict[str, int]:
    """Where the proxy finds each name."""
    ports = dict.fromkeys([*HERE, *THERE], accounts.port) | {HERE[2]: accounts.sts.port}
    return {f"{host}:443": port for host, port in ports.items()}


@pytest.fixture
def proxy(accounts: Accounts) -> Iterator[ConnectProxy]:
    """A proxy for whoever knows its password."""
    with ConnectProxy(servers(accounts), USER) as running:
        yield running


@pytest.fixture
def begin(begin: Begin, accounts: Accounts, proxy: ConnectProxy) -> Begin:
    """Starts the extension, which finds AWS by its own names."""
    through_proxy: dict[str, str | None] = {
        **dict.fromkeys(ENDPOINTS),
        "AWS_CA_BUNDLE": str(accounts.bundle),
        "HTTPS_PROXY": proxy.url.replace("://", f"://{USER}@"),
    }

    def start(**variables: str | None) -> Daemon:
        return begin(**{**through_proxy, **variables})

    return start


def test_a_tunnel_leads_to_each_service_under_its_own_name(
    accounts: Accounts, proxy: ConnectProxy, begin: Begin
) -> None:
    """To STS and to another region, too; TLS is with the service and not with the proxy."""
    accounts.at("us-east-1").secrets.put("central", "canary-central")
    accounts.at(REGION, OTHER).parameters.put("/p", "canary-other")
    daemon = begin(
        OWN="warmkey:/p",
        CENTRAL=f"warmkey:arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:central-AbCdEf",
        OTHER=f"warmkey:/p?roleArn={accounts.role('reader')}",
    ).wait_until_ready()
    assert daemon.get("/v1/secrets").json() == {
        "OWN": "canary",
        "CENTRAL": "canary-central",
        "OTHER": "canary-other",
    }
    assert {*proxy.asked} == {f"{host}:443" for host in (HERE[0], HERE[2], THERE[1])}


def test_a_tunnel_is_used_again(proxy: ConnectProxy, begin: Begin) -> None:
    """As a connection is."""
    daemon = begin(P="warmkey:/p").wait_until_ready()
    assert daemon.get("/v1/secrets/P?refresh=true").text == "canary"
    assert len(proxy.asked) == 1


@pytest.mark.parametrize("user", ["", "warmkey:wrong-canary@"])
def test_credentials_that_the_proxy_refuses_are_told(
    proxy: ConnectProxy, begin: Begin, user: str
) -> None:
    """And not shown."""
    daemon = begin(P="warmkey:/p", HTTPS_PROXY=proxy.url.replace("://", f"://{user}"), **SHORT)
    problem = daemon.wait_until_ready().get("/v1/secrets/P").json()
    assert f"the proxy 127.0.0.1:{proxy.port} wants other credentials" in problem["detail"]
    assert "USER:PASSWORD" in problem["hint"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "does not connect with ssm.eu-west-1.amazonaws.com: it answered 403"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "it answered 502"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "gave no valid answer"),
        (b"HTTP/1.1 200 OK\r\n\r\nmore", "gave no valid answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 9000, "gave no valid answer"),
        (b"HTTP/1.1 200", "through the proxy 127.0.0.1:"),
    ],
)
def test_a_proxy_that_opens_no_tunnel_is_told(
    proxy: ConnectProxy, begin: Begin, answer: bytes, said: str
) -> None:
    """By its name, and with the server's; once it does, reads are answered."""
    known, proxy.servers, proxy.answer = proxy.servers, {}, answer
    daemon = begin(P="warmkey:/p", **SHORT).wait_until_ready()
    detail = daemon.get("/v1/secrets/P").json()["detail"]
    assert said in detail
    assert f"127.0.0.1:{proxy.port}" in detail
    proxy.servers, proxy.answer = known, b""
    assert daemon.read("P") == "canary"


def test_a_proxy_that_says_nothing_is_told(proxy: ConnectProxy, begin: Begin) -> None:
    """In the time of one attempt."""
    proxy.silent = True
    daemon = begin(P="warmkey:/p", **SHORT).wait_until_ready()
    problem = daemon.get("/v1/secrets/P").json()
    assert f"through the proxy 127.0.0.1:{proxy.port} did not answer in time" in problem["detail"]


def test_a_proxy_that_is_not_there_is_told(begin: Begin, free: ReservedPort) -> None:
    """And not taken for the service."""
    gone = f"http://127.0.0.1:{free.number}"
    daemon = begin(P="warmkey:/p", HTTPS_PROXY=gone, **SHORT).wait_until_ready()
    detail = daemon.get("/v1/secrets/P").json()["detail"]
    assert f"through the proxy 127.0.0.1:{free.number}: Connection refused" in detail


def test_loopback_is_reached_without_the_proxy(
    accounts: Accounts, proxy: ConnectProxy, begin: Begin
) -> None:
    """As an emulator is."""
    url = f"https://127.0.0.1:{accounts.port}"
    daemon = begin(P="warmkey:/p", AWS_ENDPOINT_URL=url).wait_until_ready()
    assert daemon.read("P") == "canary"
    assert proxy.asked == []


def test_a_server_that_the_proxy_pretends_to_be_is_not_trusted(
    accounts: Accounts, begin: Begin, tmp_path: Path
) -> None:
    """Who goes between needs a certificate that is trusted."""
    bundle = str(Authority(tmp_path / "other").bundle)
    daemon = begin(P="warmkey:/p", AWS_CA_BUNDLE=bundle).wait_until_ready()
    assert daemon.get("/v1/secrets/P").json()["type"].endswith("upstream-untrusted")
    assert accounts.home.calls == []


@pytest.fixture
def tinyproxy(proxy: ConnectProxy, tmp_path: Path) -> Iterator[Callable[[str], int]]:
    """Starts a real proxy, which passes on to the fake one and so looks no name up."""
    program = shutil.which("tinyproxy")
    if program is None:
        pytest.skip("tinyproxy is not installed")
    proxy.open_to_all()
    with ExitStack() as stack:

        def run(user: str) -> int:
            port = stack.enter_context(ReservedPort()).number
            lines = ["Listen 127.0.0.1", f"Port {port}", f"Upstream http 127.0.0.1:{proxy.port}"]
            lines += [f"BasicAuth {user.replace(':', ' ')}"] if user else []
            config = tmp_path / "tinyproxy.conf"
            config.write_text("\n".join([*lines, "LogLevel Info", ""]))
            command = [program, "-d", "-c", str(config)]
            process = stack.enter_context(
                subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 - a fixed program
            )
            stack.callback(process.terminate)
            assert process.stdout is not None
            while b"Accepting connections" not in (line := process.stdout.readline()):
                assert line, "tinyproxy has ended"
            return port

        yield run


@pytest.mark.parametrize("user", ["", USER])
def test_a_real_proxy_is_gone_through(
    proxy: ConnectProxy, begin: Begin, tinyproxy: Callable[[str], int], user: str
) -> None:
    """With its authentication and without."""
    port = tinyproxy(user)
    url = f"http://{user}{'@' if user else ''}127.0.0.1:{port}"
    daemon = begin(P="warmkey:/p", HTTPS_PROXY=url).wait_until_ready()
    assert daemon.read("P") == "canary"
    assert proxy.asked == [f"{HERE[0]}:443"]


def test_a_real_proxy_refuses_who_does_not_authenticate(
    proxy: ConnectProxy, begin: Begin, tinyproxy: Callable[[str], int]
) -> None:
    """With 407, or 401 as this one does; nothing goes through."""
    port = tinyproxy(USER)
    url = f"http://127.0.0.1:{port}"
    daemon = begin(P="warmkey:/p", HTTPS_PROXY=url, **SHORT).wait_until_ready()
    assert f"the proxy 127.0.0.1:{port} " in daemon.get("/v1/secrets/P").json()["detail"]
    assert proxy.asked == []
