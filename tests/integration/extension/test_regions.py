"""A source that is named by an ARN is read in the ARN's region."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.accounts import Accounts
from tests.fakes.aws import ACCOUNT
from tests.fakes.faults import ANY, INTERNAL_ERROR, Hold
from tests.integration.daemon import Daemon
from tests.integration.extension.conftest import Begin
from tests.integration.process import SHORT

THERE = "us-east-1"
CENTRAL = f"arn:aws:secretsmanager:{THERE}:{ACCOUNT}:secret:central-AbCdEf"
PARAMETER = f"arn:aws:ssm:{THERE}:{ACCOUNT}:parameter/there"


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    """The function's region, which holds `/here`, and another one."""
    with Accounts() as running:
        running.home.parameters.put("/here", "canary-here")
        there = running.at(THERE)
        there.parameters.put("/there", "canary-there", "String")
        there.secrets.put("central", "canary-central")
        yield running


def test_an_arn_is_read_in_its_own_region(accounts: Accounts, begin: Begin) -> None:
    """One call for each region and service, signed for it."""
    declared = {"HERE": "/here", "THERE": PARAMETER, "CENTRAL": CENTRAL}
    daemon = begin(**{name: f"warmkey:{each}" for name, each in declared.items()})
    daemon.wait_until_ready()
    assert daemon.get("/v1/secrets").json() == {
        "HERE": "canary-here",
        "THERE": "canary-there",
        "CENTRAL": "canary-central",
    }
    assert accounts.home.actions == ["GetParameter"]
    assert sorted(accounts.at(THERE).actions) == ["GetParameter", "GetSecretValue"]


def test_prefetch_goes_to_every_region_at_once(accounts: Accounts, begin: Begin) -> None:
    """The one is asked while the other has not answered."""
    here, there = threading.Event(), threading.Event()
    accounts.home.faults.once(ANY, Hold(here))
    accounts.at(THERE).faults.once(ANY, Hold(there))
    daemon = begin(HERE="warmkey:/here", THERE=f"warmkey:{PARAMETER}")
    accounts.home.wait_for_calls(1)
    accounts.at(THERE).wait_for_calls(1)
    here.set()
    there.set()
    daemon.wait_until_ready()
    assert daemon.read("THERE") == "canary-there"


def test_a_region_that_is_out_keeps_no_other_waiting(accounts: Accounts, begin: Begin) -> None:
    """It uses up neither the workers nor the retries of the others."""
    accounts.at(THERE).faults.always(ANY, INTERNAL_ERROR)
    daemon = begin(HERE="warmkey:/here", THERE=f"warmkey:{PARAMETER}", **SHORT)
    daemon.wait_until_ready()
    assert daemon.read("HERE") == "canary-here"
    assert daemon.get("/v1/secrets/THERE").json()["type"].endswith("upstream-broken")
    accounts.at(THERE).faults.clear()
    assert daemon.get("/v1/secrets/THERE?refresh=true").text == "canary-there"


def test_an_arn_of_the_function_s_region_is_read_with_its_names(
    accounts: Accounts, begin: Begin
) -> None:
    """In one batch."""
    accounts.home.parameters.put("/other", "canary-other")
    arn = f"arn:aws:ssm:{accounts.home.region}:{ACCOUNT}:parameter/other"
    daemon = begin(HERE="warmkey:/here", OTHER=f"warmkey:{arn}").wait_until_ready()
    assert daemon.read("OTHER") == "canary-other"
    assert accounts.home.actions == ["GetParameters"]


def test_the_aws_paths_read_an_arn_in_its_region_too(accounts: Accounts, begin: Begin) -> None:
    """Though nobody has declared it."""
    daemon = begin().wait_until_ready()
    answer = daemon.get(f"/secretsmanager/get?secretId={CENTRAL}")
    assert answer.json()["SecretString"] == "canary-central"
    answer = daemon.get(f"/systemsmanager/parameters/get?name={PARAMETER}")
    assert answer.json()["Parameter"]["Value"] == "canary-there"
    assert accounts.home.actions == []


def test_missing_secret_of_another_region_is_reported_with_the_region(begin: Begin) -> None:
    """Nobody is told to create it here."""
    arn = PARAMETER.replace("/there", "/nowhere")
    daemon = begin(GONE=f"warmkey:{arn}").wait_until_ready()
    detail = daemon.get("/v1/secrets/GONE").json()["detail"]
    assert f"SSM parameter {arn} does not exist in its account and region" in detail


def test_invalid_region_is_asked_at_home(accounts: Accounts, begin: Begin) -> None:
    """It would become part of a host's name."""
    daemon = begin().wait_until_ready()
    arn = f"arn:aws:secretsmanager:evil.example:{ACCOUNT}:secret:central-AbCdEf"
    assert daemon.get(f"/secretsmanager/get?secretId={arn}").status_code == 400
    assert accounts.home.actions == ["GetSecretValue"]


def test_regions_that_nobody_declared_keep_a_bounded_number_of_threads(
    accounts: Accounts, begin: Begin
) -> None:
    """Whoever has a token may name any number; what was asked first is still answered."""
    daemon = begin().wait_until_ready()

    def read(number: int) -> str:
        region = f"xx-test-{number}"
        accounts.at(region).parameters.put("/p", f"canary-{number}", "String")
        arn = f"arn:aws:ssm:{region}:{ACCOUNT}:parameter/p"
        answer = daemon.get(f"/systemsmanager/parameters/get?name={arn}")
        return str(answer.json()["Parameter"]["Value"])

    assert [read(number) for number in range(30)] == [f"canary-{n}" for n in range(30)]
    assert threads_of(daemon) < 25
    assert read(0) == "canary-0"


def threads_of(daemon: Daemon) -> int:
    """How many threads it has."""
    status = Path(f"/proc/{daemon.process.pid}/status").read_text()
    return int(status.partition("Threads:")[2].split()[0])
