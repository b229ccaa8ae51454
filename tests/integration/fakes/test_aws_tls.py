"""TLS of the fakes: certificates that the strictest client accepts, and those it must refuse."""

import http.client
import socket
import ssl
from collections.abc import Callable
from contextlib import closing

import pytest
from botocore.exceptions import SSLError

from tests.fakes import sdk
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority, Certificate
from tests.fakes.http_service import LOOPBACK
from tests.patience import PATIENCE


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that the clients here trust."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that they do not, though it bears the same name."""
    return Authority(tmp_path_factory.mktemp("stranger"))


def greet(authority: Authority, aws: FakeAws, host: str) -> int:
    """The status of a request by a strict client to the fake under this host name."""
    context = authority.client_context()
    with closing(http.client.HTTPSConnection(host, aws.port, context=context)) as connection:
        with socket.create_connection((LOOPBACK, aws.port), PATIENCE) as raw:
            connection.sock = context.wrap_socket(raw, server_hostname=host)
        connection.request("GET", "/")
        return connection.getresponse().status


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_strict_client_accepts_a_certificate(authority: Authority, host: str) -> None:
    """By name and by address, with VERIFY_X509_STRICT."""
    with FakeAws(authority.issue()) as aws:
        assert greet(authority, aws, host) == 400
    assert aws.failed_handshakes == 0


def test_a_certificate_is_for_the_names_it_was_issued_for(authority: Authority) -> None:
    """Whatever they are."""
    with FakeAws(authority.issue("ssm.eu-west-1.amazonaws.com")) as aws:
        assert greet(authority, aws, "ssm.eu-west-1.amazonaws.com") == 400


@pytest.mark.parametrize(
    ("issue", "reason"),
    [
        (lambda ours, _: ours.issue_expired(), "certificate has expired"),
        (lambda _, other: other.issue(), "certificate verify failed"),
        (lambda ours, _: ours.issue("other.example"), "mismatch"),
    ],
    ids=["expired", "of another authority", "for another name"],
)
def test_a_client_refuses(
    authority: Authority,
    stranger: Authority,
    issue: Callable[[Authority, Authority], Certificate],
    reason: str,
) -> None:
    """And the fake counts a handshake that failed."""
    with (
        FakeAws(issue(authority, stranger)) as aws,
        pytest.raises(ssl.SSLCertVerificationError, match=reason),
    ):
        greet(authority, aws, "localhost")
    assert (aws.connections, aws.failed_handshakes, aws.calls) == (1, 1, [])


def test_the_environment_names_the_authority(authority: Authority) -> None:
    """AWS_CA_BUNDLE, and an endpoint that begins with https."""
    with FakeAws(authority.issue()) as aws:
        variables = aws.environment()
    assert variables["AWS_CA_BUNDLE"] == str(authority.bundle)
    assert variables["AWS_ENDPOINT_URL"] == f"https://127.0.0.1:{aws.port}"


def test_the_sdk_refuses_an_expired_certificate(authority: Authority) -> None:
    """As it would in life."""
    with (
        FakeAws(authority.issue_expired()) as aws,
        sdk.client(aws) as ssm,
        pytest.raises(SSLError, match="expired"),
    ):
        ssm.get_parameter(Name="/a")


def test_a_server_may_turn_out_to_be_another(authority: Authority) -> None:
    """Whoever connects after the change sees the other certificate."""
    with FakeAws(authority.issue()) as aws:
        assert greet(authority, aws, "localhost") == 400
        aws.impersonate(authority.issue_expired())
        with sdk.client(aws) as ssm, pytest.raises(SSLError, match="expired"):
            ssm.get_parameter(Name="/a")


def test_a_client_that_leaves_before_the_handshake_harms_nobody(authority: Authority) -> None:
    """The next one is served."""
    with FakeAws(authority.issue()) as aws:
        socket.create_connection((LOOPBACK, aws.port), PATIENCE).close()
        assert greet(authority, aws, "localhost") == 400
    assert aws.failed_handshakes == 1


def test_private_keys_are_in_the_folder_alone(authority: Authority) -> None:
    """Whatever is issued lies in files beside the authority's."""
    certificate = authority.issue()
    folders = {path.parent for path in (certificate.chain, certificate.key, certificate.bundle)}
    assert folders == {authority.bundle.parent}
