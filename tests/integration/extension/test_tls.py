"""The daemon speaks TLS to AWS with whom it has verified, and with nobody else."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority, Certificate
from tests.fakes.http_service import HttpService, Response
from tests.integration.conftest import Start


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that the daemon trusts."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that it does not."""
    return Authority(tmp_path_factory.mktemp("stranger"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_service_that_is_verified_is_asked(start: Start, authority: Authority, host: str) -> None:
    """Prefetch and a refresh over one connection, by address and by name."""
    with FakeAws(authority.issue()) as aws:
        aws.parameters.put("/a", "canary-a")
        aws.parameters.put("/b", "canary-b")
        daemon = start(
            **aws.environment() | {"AWS_ENDPOINT_URL": f"https://{host}:{aws.port}"},
            A="warmkey:/a",
            B="warmkey:/b",
        ).wait_until_ready()
        assert daemon.read("A") == "canary-a"
        assert daemon.get("/v1/secrets/B?refresh=true").text == "canary-b"
        assert (aws.connections, aws.failed_handshakes) == (1, 0)


def test_a_connection_that_was_dropped_is_replaced_unnoticed(
    start: Start, authority: Authority
) -> None:
    """The same as in the clear."""
    with FakeAws(authority.issue()) as aws:
        aws.parameters.put("/a", "canary-a")
        daemon = start(**aws.environment(), A="warmkey:/a").wait_until_ready()
        aws.drop_connections()
        assert daemon.get("/v1/secrets/A?refresh=true").text == "canary-a"
        assert daemon.status()["counters"]["upstreamErrors"] == 0


def test_several_sessions_begin_side_by_side(start: Start, authority: Authority) -> None:
    """A connection for each batch, and one for the secret."""
    with FakeAws(authority.issue()) as aws:
        names = [f"/p/{number}" for number in range(20)]
        for name in names:
            aws.parameters.put(name, f"canary{name}")
        aws.secrets.put("s", "canary-s")
        declared = {f"P{number}": f"warmkey:{name}" for number, name in enumerate(names)}
        daemon = start(
            **aws.environment(), **declared, S="warmkey:secretsmanager:s"
        ).wait_until_ready()
        assert (daemon.read("P19"), daemon.read("S")) == ("canary/p/19", "canary-s")
        assert len({call.connection for call in aws.calls}) == 3


@pytest.mark.parametrize(
    ("issue", "reason"),
    [
        (lambda _, other: other.issue(), "certificate"),
        (lambda ours, _: ours.issue_expired(), "certificate has expired"),
        (lambda ours, _: ours.issue("other.example"), "IP address mismatch"),
    ],
    ids=["of another authority", "expired", "for another name"],
)
def test_a_service_that_is_not_verified_is_told_nothing(
    start: Start,
    authority: Authority,
    stranger: Authority,
    issue: Callable[[Authority, Authority], Certificate],
    reason: str,
) -> None:
    """The log and the problem say why, and what to do."""
    with FakeAws(issue(authority, stranger)) as aws:
        daemon = start(
            **aws.environment() | {"AWS_CA_BUNDLE": str(authority.bundle)}, A="warmkey:/a"
        ).wait_until_ready()
        answer = daemon.get("/v1/secrets/A")
    assert aws.calls == []
    assert aws.failed_handshakes == aws.connections > 0
    assert answer.status_code == 502
    problem = answer.json()
    there = f"the certificate of 127.0.0.1:{aws.port} is not trusted: "
    assert problem["detail"].startswith(f"A: {there}")
    assert reason in problem["detail"]
    assert "AWS_CA_BUNDLE" in problem["hint"]
    line = daemon.logged("ERROR")[0]
    assert (f"A: {line['reason']}", line["hint"]) == (problem["detail"], problem["hint"])


def test_a_name_is_verified_as_a_name(start: Start, authority: Authority) -> None:
    """A certificate for the address alone does not do for `localhost`."""
    with FakeAws(authority.issue("127.0.0.1")) as aws:
        url = f"https://localhost:{aws.port}"
        daemon = start(
            **aws.environment() | {"AWS_ENDPOINT_URL": url}, A="warmkey:/a"
        ).wait_until_ready()
        assert "Hostname mismatch" in daemon.get("/v1/secrets/A").json()["detail"]


def test_the_system_s_authorities_are_trusted_where_no_others_are_named(
    start: Start, authority: Authority
) -> None:
    """And ours is none of them."""
    with FakeAws(authority.issue()) as aws:
        variables = aws.environment() | {"AWS_CA_BUNDLE": ""}
        daemon = start(**variables, A="warmkey:/a").wait_until_ready()
        assert "is not trusted" in daemon.get("/v1/secrets/A").json()["detail"]
        assert aws.calls == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file or directory"),
        ("", "it contains no certificate"),
        ("no certificate", "it contains no certificate"),
    ],
)
def test_a_bundle_without_certificates_is_a_problem(
    start: Start, authority: Authority, tmp_path: Path, content: str | None, reason: str
) -> None:
    """It names the file and the variable, and nobody is asked."""
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    with FakeAws(authority.issue()) as aws:
        variables = aws.environment() | {"AWS_CA_BUNDLE": str(bundle)}
        daemon = start(**variables, A="warmkey:/a").wait_until_ready()
        problem = daemon.get("/v1/secrets/A").json()
        assert aws.calls == []
    assert problem["detail"].endswith(f"can't be read from {bundle}: {reason}")
    assert "AWS_CA_BUNDLE" in problem["hint"]


def test_an_old_version_of_tls_is_refused(start: Start, authority: Authority) -> None:
    """TLS 1.2 is the oldest: not even a request is sent, however often it is tried again."""
    certificate = authority.issue()
    context = certificate.server_context()
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with HttpService(lambda _: Response(200), context) as service:
        daemon = start(
            AWS_ENDPOINT_URL=service.url,
            AWS_CA_BUNDLE=str(authority.bundle),
            A="warmkey:/a",
            WARMKEY_LOG_LEVEL="debug",
        )
        failed = daemon.wait_for_line("a call has failed, and is tried again")
    assert "PROTOCOL_VERSION" in failed["reason"]
    assert service.failed_handshakes == service.connections > 0


def test_a_service_that_speaks_no_tls_is_a_problem(aws: FakeAws, start: Start) -> None:
    """Where the address says https."""
    daemon = start(
        AWS_ENDPOINT_URL=f"https://127.0.0.1:{aws.port}",
        A="warmkey:/a",
        WARMKEY_UPSTREAM_TIMEOUT_MILLIS="100",
    ).wait_until_ready()
    problem = daemon.get("/v1/secrets/A").json()
    assert problem["detail"].startswith(f"A: 127.0.0.1:{aws.port}")


def test_a_refused_certificate_is_not_tried_again(start: Start, authority: Authority) -> None:
    """It does not change so soon: the reader hears of it at once, over one more connection."""
    with FakeAws(authority.issue_expired()) as aws:
        daemon = start(**aws.environment(), A="warmkey:/a").wait_until_ready()
        # The prefetch's, and that of the worker that took it over where it had failed by then.
        before = aws.connections
        assert before in (1, 2)
        problem = daemon.get("/v1/secrets/A").json()
        assert problem["type"] == "urn:warmkey:problem:upstream-untrusted"
        assert aws.connections == before + 1


def test_last_good_value_is_served_while_a_certificate_is_refused(
    start: Start, authority: Authority
) -> None:
    """As stale; and when it is mended, the new one, without a start."""
    good = authority.issue()
    with FakeAws(good) as aws:
        aws.parameters.put("/a", "canary-1")
        daemon = start(**aws.environment(), A="warmkey:/a", WARMKEY_TTL="0").wait_until_ready()
        aws.parameters.put("/a", "canary-2")
        aws.impersonate(authority.issue_expired())
        aws.drop_connections()
        answer = daemon.get("/v1/secrets/A")
        assert (answer.text, answer.headers["Warmkey-State"]) == ("canary-1", "stale")
        assert daemon.get("/v1/secrets/A?refresh=true").status_code == 502
        assert "expired" in daemon.status()["secrets"]["A"]["error"]
        aws.impersonate(good)
        answer = daemon.get("/v1/secrets/A")
        assert (answer.text, answer.headers["Warmkey-State"]) == ("canary-2", "fresh")
