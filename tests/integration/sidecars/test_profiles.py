"""`warmkey serve` of the Python package reads profiles as AWS's SDKs do, the executable none."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layer.build.plan import REPOSITORY
from tests.fakes.aws import FakeAws
from tests.fakes.http_service import HttpService, Request, Response
from tests.integration.conftest import Serve
from tests.integration.process import SHORT

COMMAND = ["/usr/bin/env", "-C", str(REPOSITORY), sys.executable, "-B", "-m", "warmkey.deploy"]
NO_KEYS = dict.fromkeys(
    ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION")
)
START_URL = "https://example.awsapps.com/start"
SSO_TOKEN = "canary-of-sso"


class Laptop:
    """Somebody's home, with profiles for the fake AWS."""

    def __init__(self, aws: FakeAws, home: Path) -> None:
        self.aws = aws
        self.home = home
        self.keys = home / "keys.json"
        self.config = home / ".aws/config"
        self.config.parent.mkdir()
        process = f"{sys.executable} -c \"print(open('{self.keys}').read())\""
        self.config.write_text(
            f"[profile by-process]\nregion = {aws.region}\ncredential_process = {process}\n"
            f"[profile by-sso]\nregion = {aws.region}\nsso_start_url = {START_URL}\n"
            f"sso_region = {aws.region}\nsso_account_id = 123456789012\nsso_role_name = r\n"
        )
        self.write_keys()

    def write_keys(self) -> None:
        """Have the process print the credentials that hold now."""
        keys = self.aws.credentials
        printed = {"Version": 1, "AccessKeyId": keys.key_id, "SecretAccessKey": keys.secret}
        end = {"SessionToken": keys.token, "Expiration": "2999-01-01T00:00:00Z"}
        self.keys.write_text(json.dumps(printed | end))

    def sign_in(self) -> None:
        """As `aws sso login` leaves it."""
        cache = self.home / ".aws/sso/cache"
        cache.mkdir(parents=True)
        name = hashlib.sha1(START_URL.encode()).hexdigest()  # noqa: S324 - as the SDKs call it
        token = {"accessToken": SSO_TOKEN, "expiresAt": "2999-01-01T00:00:00Z"}
        (cache / f"{name}.json").write_text(json.dumps(token))

    def variables(self, **more: str | None) -> dict[str, str | None]:
        """The variables of a shell there."""
        return {
            **NO_KEYS,
            "AWS_DEFAULT_REGION": None,
            "HOME": str(self.home),
            "PYTHONPATH": str(REPOSITORY / "layer/python"),
            "AWS_CONFIG_FILE": str(self.config),
            "AWS_EC2_METADATA_DISABLED": "true",
            "WARMKEY_TOKEN": "canary-of-the-laptop",
            "P": "warmkey:/p",
            **more,
        }


@pytest.fixture
def laptop(aws: FakeAws, tmp_path: Path) -> Laptop:
    """It; SSM holds `/p`."""
    aws.parameters.put("/p", "canary")
    return Laptop(aws, tmp_path)


@pytest.fixture
def portal(aws: FakeAws) -> Iterator[HttpService]:
    """SSO's portal, which knows one token."""

    def answer(request: Request) -> Response:
        if request.headers.get("x-amz-sso_bearer_token") != SSO_TOKEN:
            return Response(401, b'{"message": "Session token not found or invalid"}')
        keys = aws.credentials
        found = {"accessKeyId": keys.key_id, "secretAccessKey": keys.secret}
        found |= {"sessionToken": keys.token or "", "expiration": "32503680000000"}
        return Response(200, json.dumps({"roleCredentials": found}).encode())

    with HttpService(answer) as running:
        yield running


@pytest.mark.parametrize("named", ["option", "variable"])
def test_a_profile_s_process_gives_credentials(laptop: Laptop, serve: Serve, named: str) -> None:
    """By --profile or AWS_PROFILE; its region counts, too."""
    option = ["--profile", "by-process"] if named == "option" else []
    given = {} if option else {"AWS_PROFILE": "by-process"}
    sidecar = serve([*COMMAND, "serve", *option], **laptop.variables(**given))
    assert sidecar.wait_until_ready().get("/v1/secrets/P").text == "canary"


def test_a_profile_s_sso_session_gives_credentials(
    laptop: Laptop, serve: Serve, portal: HttpService
) -> None:
    """With the token that `aws sso login` has left."""
    laptop.sign_in()
    given = laptop.variables(AWS_PROFILE="by-sso", AWS_ENDPOINT_URL_SSO=portal.url)
    sidecar = serve([*COMMAND, "serve"], **given).wait_until_ready()
    assert sidecar.get("/v1/secrets/P").text == "canary"


def test_profile_that_is_not_signed_in_is_reported(laptop: Laptop, serve: Serve) -> None:
    """In the SDK's words; the endpoint is there all the same."""
    given = laptop.variables(AWS_PROFILE="by-sso", **SHORT)
    sidecar = serve([*COMMAND, "serve"], **given).wait_until_ready()
    assert "SSO" in sidecar.get("/v1/secrets/P").json()["detail"]


def test_keys_in_the_environment_come_before_a_profile_that_is_not_named(
    laptop: Laptop, serve: Serve
) -> None:
    """As in the SDKs: one that was named by the option comes first."""
    laptop.keys.write_text("none")
    own = laptop.aws.credentials.environment()
    given = laptop.variables(AWS_PROFILE="by-process", AWS_REGION=laptop.aws.region, **own)
    sidecar = serve([*COMMAND, "serve"], **given).wait_until_ready()
    assert sidecar.get("/v1/secrets/P").text == "canary"


def test_a_profile_that_is_not_there_is_told(laptop: Laptop) -> None:
    """Before anything is served."""
    given = {name: value for name, value in laptop.variables().items() if value is not None}
    command = [*COMMAND, "serve", "--profile", "none"]
    ended = subprocess.run(command, env=given, capture_output=True, text=True)  # noqa: S603
    assert ended.returncode == 1
    assert "The config profile (none) could not be found" in ended.stderr


def test_the_executable_names_the_profile_that_it_does_not_read(
    laptop: Laptop, serve: Serve
) -> None:
    """With what to do."""
    given = laptop.variables(AWS_PROFILE="by-process", AWS_REGION=laptop.aws.region)
    hint = serve(**given).wait_until_ready().get("/v1/secrets/P").json()["hint"]
    assert "AWS_PROFILE: it is set, and profiles are read by `warmkey serve` of the" in hint
