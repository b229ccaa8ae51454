"""Where the trusted certificates come from, and what is said of those that can't be read."""

import sys
from pathlib import Path

import pytest

from extension.http.failure import UpstreamError
from extension.http.trust_store import TrustStore, bundles, own_roots
from tests.fakes.certificates import Authority


def refusal(*paths: Path) -> str:
    """What is said where none of these can be trusted."""
    with pytest.raises(UpstreamError) as refused:
        TrustStore([str(path) for path in paths]).context()
    failed = refused.value.failed
    assert (failed.kind, failed.hint) == (
        "refused",
        "name a file with certificates, in PEM, in AWS_CA_BUNDLE",
    )
    return failed.detail


def test_the_first_bundle_that_is_there_counts(tmp_path: Path) -> None:
    """It is not the same file on every Linux."""
    bundle, broken = Authority(tmp_path).bundle, tmp_path / "broken"
    broken.write_text("none")
    context = TrustStore([str(path) for path in (tmp_path / "gone", bundle, broken)]).context()
    assert [found["subject"] for found in context.get_ca_certs()]


def test_a_bundle_that_is_no_bundle_is_named(tmp_path: Path) -> None:
    """And neither those before it, which are not there, nor those after it."""
    broken = tmp_path / "broken"
    broken.write_text("none")
    assert refusal(tmp_path / "gone", broken, tmp_path / "later") == (
        f"the certificates to trust can't be read from {broken}: it contains no certificate"
    )


def test_a_bundle_that_can_not_be_read_is_named_with_the_system_s_reason(tmp_path: Path) -> None:
    """Rather than passed over: those after it are not what was meant."""
    (tmp_path / "file").write_text("none")
    below = tmp_path / "file" / "bundle"
    assert refusal(below, Authority(tmp_path / "authority").bundle) == (
        f"the certificates to trust can't be read from {below}: Not a directory"
    )


def test_a_bundle_is_read_once(tmp_path: Path) -> None:
    """Every connection to a service trusts the same."""
    trust = TrustStore([str(Authority(tmp_path).bundle)])
    assert trust.context() is trust.context()


def test_where_no_bundle_is_there_all_are_named(tmp_path: Path) -> None:
    """As any of them would do."""
    first, second = tmp_path / "first", tmp_path / "second"
    assert refusal(first, second) == (
        f"the certificates to trust can't be read from {first} or {second}: "
        "No such file or directory"
    )


@pytest.mark.parametrize(
    "host",
    ["ssm.eu-west-1.amazonaws.com", "ssm.eu-west-1.api.aws", "ssm.cn-north-1.amazonaws.com.cn"],
)
def test_aws_is_held_to_the_layer_s_own_roots_first(host: str) -> None:
    """Of which one is read, instead of a system's hundred."""
    assert bundles(None, host)[0].endswith("/amazon-roots")


def test_the_layer_s_own_roots_lie_beside_its_interpreter(tmp_path: Path) -> None:
    """Wherever the layer was unpacked; Lambda's place counts where that can't be told."""
    link = tmp_path / "exe"
    assert own_roots(str(link)) == "/opt/warmkey/amazon-roots"
    link.symlink_to("/elsewhere/warmkey/warmkey")
    assert own_roots(str(link)) == "/elsewhere/warmkey/amazon-roots"
    assert own_roots() == str(Path(sys.executable).resolve().parent / "amazon-roots")


@pytest.mark.parametrize("host", ["localhost", "amazonaws.com.example", "myamazonaws.com"])
def test_other_hosts_are_held_to_the_system_s(host: str) -> None:
    """The layer has no roots for them."""
    assert not any("amazon-roots" in path for path in bundles(None, host))


def test_a_bundle_that_the_user_names_is_the_only_one() -> None:
    """For AWS's hosts, too."""
    assert bundles("/mine.pem", "ssm.eu-west-1.amazonaws.com") == ("/mine.pem",)
