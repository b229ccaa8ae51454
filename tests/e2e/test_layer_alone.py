"""Each zip in a root that holds nothing else: it needs nothing, and minds nothing."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.executables import roots
from tests.e2e.layer_root import CannotRunError, Root, layer_root
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority, Certificate
from tests.fakes.dns import FakeDns
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.fakes.silent_address import silent
from tests.integration.daemon import Daemon
from tests.patience import PATIENT
from tests.rapid.layer import build
from tests.rapid.namespaces import NamespacesRefused

OPT = Path("/opt")
NAME, AWS_HOST = "ssm.example.test", "ssm.eu-west-1.amazonaws.com"
HOSTILE = "hosts: evil [SUCCESS=return] mymachines resolve\npasswd: evil\nservices: evil\n"


@pytest.fixture(scope="module", params=[target.name for target in targets.TARGETS])
def layer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Root:
    """The layer for each architecture, alone in a root."""
    try:
        return layer_root(targets.named(request.param), tmp_path_factory.mktemp("root"))
    except (CannotRunError, NamespacesRefused) as reason:
        pytest.skip(str(reason))


def aws_with(certificate: Certificate) -> FakeAws:
    """A fake AWS that speaks TLS and holds one parameter."""
    aws = FakeAws(certificate)
    aws.parameters.put("/key", "value")
    return aws


def daemon(root: Root, api: FakeRuntimeApi, aws: FakeAws, **variables: str) -> Daemon:
    """The daemon in its root, with one declared secret."""
    bundle = root.add("authority.pem", Path(aws.environment()["AWS_CA_BUNDLE"]))
    there = {**aws.environment(), "AWS_CA_BUNDLE": bundle, **PATIENT}
    given = {**there, "KEY": "warmkey:/key", **variables}
    return Daemon(OPT, api, given, command=root.command)


def test_the_layer_fetches_over_verified_tls(
    layer: Root, api: FakeRuntimeApi, tmp_path: Path
) -> None:
    """Registered, prefetched, and served."""
    certificate = Authority(tmp_path).issue()
    with aws_with(certificate) as aws, daemon(layer, api, aws) as running:
        running.wait_until_ready()
        assert running.read("KEY") == "value"
        assert len(api.seen(Call.REGISTER)) == 1


def test_the_layer_leaves_at_shutdown(layer: Root, api: FakeRuntimeApi, tmp_path: Path) -> None:
    """With exit code 0 and nothing on standard error."""
    certificate = Authority(tmp_path).issue()
    with aws_with(certificate) as aws, daemon(layer, api, aws) as running:
        running.wait_until_ready()
        api.shutdown()
        assert running.wait_for_end() == 0
        assert running.errors == ""


@pytest.mark.parametrize(
    ("known", "steps"), [(True, 0), (True, 1), (True, 2), (False, 0), (False, 1)]
)
def test_the_layer_trusts_awss_own_hosts_by_the_roots_in_it(
    layer: Root, api: FakeRuntimeApi, tmp_path: Path, *, known: bool, steps: int
) -> None:
    """The one that the certificate stands under is found; without it, nothing is trusted.

    As for AWS's hosts there is an authority between the two; in the European Sovereign Cloud there
    are two, of which the upper is a root that Mozilla does not know, cross-signed by one it knows.
    """
    root = issuer = Authority(tmp_path / "root")
    for step in range(steps):
        issuer = Authority(tmp_path / f"{step}", f"authority {step}", issuer)
    layer.add("etc/hosts", f"127.0.0.1 {AWS_HOST}\n")
    with aws_with(issuer.issue(AWS_HOST)) as aws, ExitStack() as stack:
        if known:
            stack.enter_context(with_roots(layer, root))
        where = {"AWS_ENDPOINT_URL": f"https://{AWS_HOST}:{aws.port}", "AWS_CA_BUNDLE": ""}
        running = stack.enter_context(daemon(layer, api, aws, **where))
        running.wait_until_ready()
        assert running.get("/v1/secrets/KEY").status_code == (200 if known else 502)


def test_other_hosts_are_trusted_by_the_systems_roots_where_it_has_any(
    layer: Root, api: FakeRuntimeApi, tmp_path: Path
) -> None:
    """A company's own authority is among those alone."""
    authority = Authority(tmp_path)
    layer.add("etc/hosts", f"127.0.0.1 {NAME}\n")
    bundle = "etc/ssl/certs/ca-certificates.crt"
    layer.add(bundle, authority.bundle)
    with aws_with(authority.issue(NAME)) as aws:
        where = {"AWS_ENDPOINT_URL": f"https://{NAME}:{aws.port}", "AWS_CA_BUNDLE": ""}
        with daemon(layer, api, aws, **where) as running:
            running.wait_until_ready()
            status = running.get("/v1/secrets/KEY").status_code
    (layer.path / bundle).unlink()
    assert status == 200


def test_no_host_lacks_roots_where_the_system_has_none(
    layer: Root, api: FakeRuntimeApi, tmp_path: Path
) -> None:
    """As in an image that is `FROM scratch`."""
    authority = Authority(tmp_path)
    layer.add("etc/hosts", f"127.0.0.1 {NAME}\n")
    with aws_with(authority.issue(NAME)) as aws, with_roots(layer, authority):
        where = {"AWS_ENDPOINT_URL": f"https://{NAME}:{aws.port}", "AWS_CA_BUNDLE": ""}
        with daemon(layer, api, aws, **where) as running:
            running.wait_until_ready()
            assert running.read("KEY") == "value"


@contextmanager
def with_roots(layer: Root, authority: Authority) -> Iterator[None]:
    """Have the executable hold another authority in the place of Mozilla's roots."""
    path = layer.path / "opt/warmkey"
    executable = path / ("emulated" if (path / "emulated").exists() else "warmkey")
    before = executable.read_bytes()
    mozilla = roots.table(roots.mozilla(build().materials.sysroot(targets.host()).root))
    assert before.count(mozilla) == 1
    other = roots.table(roots.certificates(authority.bundle.read_text("ascii")))
    executable.write_bytes(before.replace(mozilla, other.ljust(len(mozilla), b"\0")))
    try:
        yield
    finally:
        executable.write_bytes(before)


def test_an_endpoint_in_the_clear_works_with_one_warning(layer: Root, api: FakeRuntimeApi) -> None:
    """It is not loopback's by its name."""
    layer.add("etc/hosts", f"127.0.0.1 {NAME}\n")
    with FakeAws() as aws:
        aws.parameters.put("/key", "value")
        given = {**aws.environment(), "KEY": "warmkey:/key", **PATIENT}
        given["AWS_ENDPOINT_URL"] = f"http://{NAME}:{aws.port}"
        with Daemon(OPT, api, given, command=layer.command) as running:
            running.wait_until_ready()
            assert running.read("KEY") == "value"
            warning = running.wait_for_line("travel there in the clear")
            assert running.logged("WARN") == [warning]


def test_the_layer_reaches_a_host_by_the_address_that_answers(
    layer: Root, api: FakeRuntimeApi, tmp_path: Path
) -> None:
    """The first one is silent, and one attempt is all that it has."""
    layer.add("etc/hosts", f"127.0.0.2 {NAME}\n127.0.0.1 {NAME}\n")
    layer.add("etc/host.conf", "multi on\n")
    with aws_with(Authority(tmp_path).issue(NAME)) as aws, silent("127.0.0.2", aws.port):
        url = f"https://{NAME}:{aws.port}"
        with daemon(layer, api, aws, AWS_ENDPOINT_URL=url) as running:
            running.wait_until_ready()
            assert running.read("KEY") == "value"
            assert running.status()["counters"]["upstreamErrors"] == 0


@pytest.mark.parametrize("flaw", ["untrusted authority", "wrong host", "expired"])
def test_the_layer_refuses_a_server_that_it_cannot_trust(
    layer: Root, api: FakeRuntimeApi, tmp_path: Path, flaw: str
) -> None:
    """No request reaches it, and the reader is told why."""
    authority = Authority(tmp_path / "trusted")
    certificate = {
        "untrusted authority": Authority(tmp_path / "other").issue(),
        "wrong host": authority.issue("example.org"),
        "expired": authority.issue_expired(),
    }[flaw]
    trusted = layer.add("trusted.pem", authority.bundle)
    with aws_with(certificate) as aws, daemon(layer, api, aws, AWS_CA_BUNDLE=trusted) as running:
        running.wait_until_ready()
        answer = running.get("/v1/secrets/KEY")
        assert answer.status_code == 502
        assert "certificate" in answer.json()["detail"]
        assert aws.calls == []


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    """A name server that knows one name."""
    try:
        with FakeDns(NAME, "127.0.0.1") as running:
            yield running
    except PermissionError:
        pytest.skip("to listen on port 53 takes root")


@pytest.mark.parametrize("known_to", ["/etc/hosts", "DNS"])
def test_the_layer_resolves_names_whatever_nsswitch_says(
    layer: Root, api: FakeRuntimeApi, dns: FakeDns, tmp_path: Path, known_to: str
) -> None:
    """A hostile nsswitch.conf names modules that would have to be loaded from the machine."""
    layer.add("etc/nsswitch.conf", HOSTILE)
    layer.add("etc/resolv.conf", f"nameserver {dns.address}\n")
    layer.add("etc/hosts", f"127.0.0.1 {NAME}\n" if known_to == "/etc/hosts" else "")
    with aws_with(Authority(tmp_path).issue(NAME)) as aws:
        url = f"https://{NAME}:{aws.port}"
        with daemon(layer, api, aws, AWS_ENDPOINT_URL=url) as running:
            running.wait_until_ready()
            assert running.read("KEY") == "value"
    assert set(dns.asked) == ({NAME} if known_to == "DNS" else set())
