"""A secret that is declared by nothing but an environment variable, on a whole Lambda."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.demo import world
from tests.demo.world import World
from tests.rapid.ports import ReservedPort
from tests.rapid.sandbox import Sandbox
from tests.rapid.without_namespaces import available_sandbox

HANDLER = """\
import warmkey

AT_INIT = warmkey.get("STRIPE_SECRET_KEY")


def handler(event, context):
    return [AT_INIT, warmkey.get("STRIPE_SECRET_KEY")]
"""
DECLARED = {
    "STRIPE_SECRET_KEY": "warmkey:/stripeSecretKey/{stage}",
    "WARMKEY_STAGES": "prod=live,*=test",
}

Run = Callable[[dict[str, str]], Sandbox]


@pytest.fixture(scope="module")
def around() -> Iterator[World]:
    """AWS with both keys in SSM."""
    with world.running() as running:
        yield running


@pytest.fixture
def run(around: World, layer: Path, package: Path) -> Iterator[Run]:
    """Starts a function that reads the key in its init and in its handler."""
    (package / "app.py").write_text(HANDLER, encoding="utf-8")
    with ExitStack() as stack:

        def start(variables: dict[str, str]) -> Sandbox:
            port = stack.enter_context(ReservedPort())
            environment = {**around.environment(), "WARMKEY_PORT": str(port.number), **variables}
            function = available_sandbox()(package=package, layer=layer, environment=environment)
            return stack.enter_context(function)

        yield start


@pytest.mark.parametrize(("name", "key"), [("prod", "live"), ("dev", "test"), ("featureX", "test")])
def test_the_stage_chooses_the_key(run: Run, around: World, name: str, key: str) -> None:
    """The same in init and handler, with one call of the extension's and none of the function's."""
    before = len(around.aws.calls)
    answer = run({**DECLARED, "STAGE": name}).invoke()
    assert answer.payload == [around.keys[key], around.keys[key]]
    assert [(call.action, call.caller) for call in around.aws.calls[before:]] == [
        ("GetParameter", "extension")  # a single one, with the permission most roles have
    ]


def test_a_stage_that_nothing_is_said_of_stops_the_start(run: Run, around: World) -> None:
    """The log names the stage and those that are known, and holds no key."""
    function = run({**DECLARED, "WARMKEY_STAGES": "prod=live,dev=test", "STAGE": "featureX"})
    assert function.invoke().status == 502
    said = function.wait_for_log(r"^.*featureX.*$")[0]
    assert "prod" in said
    assert "dev" in said
    assert not around.leaks(function.log)
