"""Credentials for a web identity's token, as EKS gives it to a pod (IRSA)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, INTERNAL_ERROR, Deny, Fault, Reply
from tests.fakes.http_service import Delivery
from tests.fakes.security_token_service import FakeSts, Role
from tests.integration.conftest import Serve, Start
from tests.integration.process import SHORT, STEADY

ROLE = "arn:aws:iam::123456789012:role/pod"
TOKENS = [f"canary-header.canary-payload{number}.canary-signature" for number in range(3)]
NO_KEYS = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
REFRESH = "/v1/secrets/P?refresh=true"


class Pod:
    """A pod's file with its token, and the STS that knows it."""

    def __init__(self, aws: FakeAws, sts: FakeSts, folder: Path) -> None:
        self.aws = aws
        self.sts = sts
        self.file = folder / "token"
        self.role = sts.roles[ROLE] = Role(aws.keys.issue)
        self.renew(0)

    def renew(self, number: int) -> None:
        """Replace the token, as kubelet does: the earlier one is good no more."""
        self.role.tokens = {TOKENS[number]}
        self.file.write_text(TOKENS[number] + "\n")

    def variables(self, **more: str | None) -> dict[str, str | None]:
        """The variables of a container in it, which declares `/p` as P."""
        return {
            **NO_KEYS,
            **self.sts.environment(),
            "AWS_ROLE_ARN": ROLE,
            "AWS_WEB_IDENTITY_TOKEN_FILE": str(self.file),
            "WARMKEY_TOKEN": "canary-of-the-pod",
            "P": "warmkey:/p",
            **more,
        }


@pytest.fixture
def pod(aws: FakeAws, tmp_path: Path) -> Iterator[Pod]:
    """The pod; SSM holds `/p`."""
    aws.parameters.put("/p", "canary")
    with FakeSts(aws.keys) as sts:
        yield Pod(aws, sts, tmp_path)


def test_a_sidecar_reads_with_the_role_of_its_pod(pod: Pod, serve: Serve) -> None:
    """One call of STS, which is not signed, serves every read."""
    sidecar = serve(**pod.variables()).wait_until_ready()
    assert sidecar.get("/v1/secrets/P").text == "canary"
    assert sidecar.get(REFRESH).text == "canary"
    (call,) = pod.sts.calls
    assert (call.action, call.key_id) == ("AssumeRoleWithWebIdentity", None)
    assert call.form["RoleArn"] == ROLE
    assert call.form["RoleSessionName"] == "warmkey"
    assert pod.aws.credentials.key_id not in {each.key_id for each in pod.aws.calls}


def test_a_function_reads_with_a_web_identity(pod: Pod, start: Start) -> None:
    """The extension looks where the sidecar does; the call of STS is in the prefetch."""
    daemon = start(**pod.variables(AWS_ROLE_SESSION_NAME="charge")).wait_until_ready()
    daemon.token = "canary-of-the-pod"
    assert daemon.get("/v1/secrets/P").text == "canary"
    assert [call.form["RoleSessionName"] for call in pod.sts.calls] == ["charge"]
    status = daemon.status()
    assert [call["service"] for call in status["calls"]] == ["sts", "ssm"]
    assert status["calls"][0]["phases"]["sent"] <= status["phases"]["sent"]


def test_the_token_is_read_anew_each_time(pod: Pod, serve: Serve) -> None:
    """As it is replaced long before credentials end."""
    pod.sts.lifetime = 0  # each call asks again
    sidecar = serve(**pod.variables()).wait_until_ready()
    asked = len(pod.sts.calls)
    pod.renew(1)
    assert sidecar.get(REFRESH).text == "canary"
    assert len(pod.sts.calls) > asked


def test_credentials_that_aws_calls_expired_are_renewed(pod: Pod, serve: Serve) -> None:
    """Before a reader hears of it."""
    sidecar = serve(**pod.variables()).wait_until_ready()
    pod.aws.keys.expire_all()
    assert sidecar.get(REFRESH).text == "canary"
    assert len(pod.sts.calls) == 2


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (INTERNAL_ERROR, "upstream-broken"),
        (Reply(b"<html>no</html>"), "upstream-broken"),
        (Reply(b"", 503), "upstream-broken"),
        (Delivery.RESET, "upstream-unreachable"),
        (Delivery.TRUNCATED, "upstream-broken"),
        (Deny(), "upstream-denied"),
    ],
)
def test_an_outage_of_sts_is_outlasted(pod: Pod, serve: Serve, fault: Fault, kind: str) -> None:
    """A reader hears what is wrong, and gets the value once it is over."""
    pod.sts.faults.always(ANY, fault)
    sidecar = serve(**pod.variables(**SHORT, WARMKEY_NEGATIVE_TTL="0")).wait_until_ready()
    assert sidecar.get("/v1/secrets/P").json()["type"].endswith(kind)
    pod.sts.faults.clear()
    assert sidecar.get("/v1/secrets/P").text == "canary"


def test_the_last_good_value_serves_while_sts_is_down(pod: Pod, serve: Serve) -> None:
    """As while the service itself is."""
    sidecar = serve(**pod.variables(**STEADY, WARMKEY_TTL="1")).wait_until_ready()
    pod.sts.faults.always(ANY, INTERNAL_ERROR)
    pod.aws.keys.expire_all()
    while (answer := sidecar.get("/v1/secrets/P")).headers["Warmkey-State"] != "stale":
        assert answer.text == "canary"
    assert answer.text == "canary"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ({"AWS_ROLE_ARN": ""}, "AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not"),
        (
            {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"},
            "the web identity token /nowhere can't be read: No such file or directory",
        ),
    ],
)
def test_missing_variable_is_named(
    pod: Pod, serve: Serve, spoil: dict[str, str], said: str
) -> None:
    """The role, or the file."""
    sidecar = serve(**pod.variables(**SHORT, **spoil)).wait_until_ready()
    assert said in sidecar.get("/v1/secrets/P").json()["detail"]
    assert pod.sts.calls == []


def test_a_token_that_has_expired_is_said_to_have(pod: Pod, serve: Serve) -> None:
    """In the words of STS; a new one is taken at the next read."""
    pod.sts.expired.add(TOKENS[0])
    sidecar = serve(**pod.variables(**SHORT)).wait_until_ready()
    assert "ExpiredTokenException" in sidecar.get("/v1/secrets/P").json()["detail"]
    pod.renew(1)
    assert sidecar.get("/v1/secrets/P").text == "canary"


def test_the_file_may_be_a_link(pod: Pod, serve: Serve, tmp_path: Path) -> None:
    """As Kubernetes mounts it."""
    (tmp_path / "link").symlink_to(pod.file)
    given = pod.variables(AWS_WEB_IDENTITY_TOKEN_FILE=str(tmp_path / "link"))
    sidecar = serve(**given).wait_until_ready()
    assert sidecar.get("/v1/secrets/P").text == "canary"
