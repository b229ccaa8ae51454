"""Where the trusted certificates come from, and what is said of those that can't be read."""

from pathlib import Path

import pytest
from botocore.loaders import Loader

from extension.http.client.trust_store import _AWS, TrustStore, bundles
from extension.http.failure import UpstreamError
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


def test_missing_bundles_are_all_named(tmp_path: Path) -> None:
    """As any of them would do."""
    first, second = tmp_path / "first", tmp_path / "second"
    assert refusal(first, second) == (
        f"the certificates to trust can't be read from {first} or {second}: "
        "No such file or directory"
    )


@pytest.mark.parametrize(
    "host",
    [
        "ssm.eu-west-1.amazonaws.com",
        "ssm.eu-west-1.api.aws",
        "ssm-fips.us-gov-west-1.amazonaws.com",
        "vpce-1.ssm.eu-west-1.vpce.amazonaws.com",
        "ssm.cn-north-1.amazonaws.com.cn",
        "ssm.cn-north-1.api.amazonwebservices.com.cn",
        "ssm.eusc-de-east-1.amazonaws.eu",
        "ssm.eusc-de-east-1.api.amazonwebservices.eu",
    ],
)
def test_aws_is_held_to_the_roots_in_the_layer_s_interpreter(host: str) -> None:
    """Of which one is read, instead of a system's hundred."""
    assert bundles(None, host, carries_roots=True) == (None,)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "amazonaws.com.example",
        "myamazonaws.com",
        "ssm.us-iso-east-1.c2s.ic.gov",
        "ssm.us-isob-east-1.sc2s.sgov.gov",
        "ssm.eu-isoe-west-1.cloud.adc-e.uk",
        "ssm.us-isof-south-1.csp.hci.ic.gov",
    ],
)
def test_other_hosts_are_held_to_the_system_s_roots_first(host: str) -> None:
    """A company's own, and AWS's in its isolated partitions, are among those alone."""
    first, *_, last = bundles(None, host, carries_roots=True)
    assert first == "/etc/pki/tls/certs/ca-bundle.crt"
    assert last is None


def test_an_ordinary_python_has_the_system_s_roots_first() -> None:
    """Not every one has roots of its own."""
    assert bundles(None, "ssm.eu-west-1.amazonaws.com")[0] is not None


def test_every_partition_is_known_or_isolated() -> None:
    """AWS may add some: what AWS says of the roots there must be read then."""
    suffixes = set()
    for partition in Loader().load_data("partitions")["partitions"]:
        outputs = partition["outputs"]
        suffixes |= {f".{outputs[key]}" for key in ("dnsSuffix", "dualStackDnsSuffix")}
    isolated = {each for each in suffixes if each.endswith((".gov", ".scloud", ".uk"))}
    assert suffixes - isolated == set(_AWS)


def test_a_bundle_that_the_user_names_is_the_only_one() -> None:
    """For AWS's hosts, too."""
    chosen = bundles("/mine.pem", "ssm.eu-west-1.amazonaws.com", carries_roots=True)
    assert chosen == ("/mine.pem",)
