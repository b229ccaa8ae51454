"""`make run`'s program, run as a process and read as a person would."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.demo.observation import PHASES
from tests.demo.stage import STAGES, Stage
from tests.patience import PATIENCE
from tests.rapid import namespaces

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Output:
    """What the program said.

    Attributes:
        status: Its exit status.
        text: What it printed.
        errors: What it printed beside that.
    """

    status: int
    text: str
    errors: str

    def block(self, stage: str) -> str:
        """What is said about a stage, as one line."""
        found = re.search(rf"^{stage}\b.*\n((?:  .*\n)+)", self.text, re.MULTILINE)
        assert found, self.text
        return " ".join(found[1].split())


@pytest.fixture(scope="module")
def output() -> Output:
    """The program, run once for all that is read from it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.demo"],
        cwd=ROOT,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"},
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE,
        check=False,
    )
    return Output(done.returncode, done.stdout, done.stderr)


def test_the_demonstration_succeeds_and_complains_of_nothing(output: Output) -> None:
    """The exit status is what `make` and CI look at."""
    assert (output.status, output.errors) == (0, ""), output.text


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_each_stage_reads_its_own_parameter(output: Output, stage: Stage) -> None:
    """`prod` reads the live key; `dev` and `featureX` the test key."""
    assert stage.parameter in output.block(stage.name)


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_each_stage_charges_a_card_cold_and_warm(output: Output, stage: str) -> None:
    """Two charges that succeeded, each with an id of its own."""
    charges = re.findall(r"charge (ch_\w+) succeeded", output.block(stage))
    assert len(set(charges)) == 2


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_the_function_makes_no_call_to_ssm_and_the_extension_one(
    output: Output, stage: str
) -> None:
    """Counted at the server, for a cold start and a warm invoke of a function with two secrets."""
    assert "calls to SSM function 0, extension 1 (GetParameters)" in output.block(stage)


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_each_cold_start_is_told_in_milliseconds(output: Output, stage: str) -> None:
    """INIT by the core's report, the phases by the extension's own account."""
    block = output.block(stage)
    assert re.search(r"cold start \d+ ms of INIT", block)
    phases = [f"{name} [0-9.]+" for name in PHASES]
    assert re.search(r"extension \|=[=.]{39}\| \d+\.\d ms " + ", ".join(phases), block)


def test_the_calls_are_summed_up(output: Output) -> None:
    """Three cold starts, three calls, none of them by the function."""
    said = "6 charges went through in 3 environments, with 0 calls to SSM by the function and 3 by"
    assert said in " ".join(output.text.split())


def test_the_demonstration_is_marked_when_the_real_core_does_not_run(output: Output) -> None:
    """And only then."""
    assert ("Not on AWS's Rapid core" in output.text) is not namespaces.available()


def test_no_key_is_printed(output: Output) -> None:
    """Not even the beginning that all of Stripe's secret keys share."""
    assert "sk_" not in output.text
