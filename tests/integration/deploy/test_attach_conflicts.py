"""Changing a function that others change, too.

moto's Lambda is done with an update at once, knows no revision and refuses none, so here botocore's
Stubber answers: in the order below, and to just these questions.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tests.fakes.fleet import function_arn, layer_arn
from tests.fakes.operator import REGION
from warmkey.deploy.functions import configuration
from warmkey.deploy.functions.configuration import Configuration
from warmkey.deploy.functions.store import Functions
from warmkey.deploy.output.failure import Failure

LAYER = layer_arn("warmkey-x86_64")
DONE = {"State": "Active", "LastUpdateStatus": "Successful"}
UPDATING = {"State": "Active", "LastUpdateStatus": "InProgress"}


class Answers:
    """What Lambda is asked about the function, and answers, in order.

    Attributes:
        slept: For how many seconds at most the attempts waited, in order.
    """

    def __init__(self) -> None:
        client = boto3.client(
            "lambda", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x"
        )
        self.stub = Stubber(client)
        self.slept: list[float] = []
        self.functions = Functions(client, self.slept.append, poll_interval=0)

    def get(self, status: dict[str, str], revision: str = "1", **more: Any) -> None:
        """It is asked for the function, and describes it."""
        described = {
            "FunctionArn": function_arn("billing"),
            "Role": "role",
            "Runtime": "python3.13",
            "RevisionId": revision,
        }
        self.stub.add_response(
            "get_function",
            {"Configuration": {**described, **status, **more}},
            {"FunctionName": "billing"},
        )

    def update(self, revision: str, error: str = "", **variables: str) -> None:
        """It is asked to change that revision, and does so or refuses."""
        asked = {
            "FunctionName": "billing",
            "Layers": [LAYER],
            "Environment": {"Variables": variables},
            "RevisionId": revision,
        }
        if error:
            operation = "update_function_configuration"
            self.stub.add_client_error(operation, error, expected_params=asked)
        else:
            self.stub.add_response("update_function_configuration", {}, asked)

    def change(self) -> None:
        """Add the layer, as it was shown for a function without variables."""
        nothing = configuration.read({"FunctionArn": function_arn("billing"), "Role": "role"})
        self.functions.update("billing", nothing, with_layer(nothing), with_layer)


def with_layer(function: Configuration) -> Configuration:
    """What the change is."""
    return replace(function, layers=(LAYER,))


@pytest.fixture
def aws() -> Iterator[Answers]:
    """Lambda, which has to have been asked all that was expected."""
    answers = Answers()
    with answers.stub:
        yield answers
        answers.stub.assert_no_pending_responses()


def test_an_update_waits_until_it_is_carried_out(aws: Answers) -> None:
    """Lambda accepts it first."""
    aws.get(DONE)
    aws.update("1")
    aws.get(UPDATING)
    aws.get(UPDATING)
    aws.get(DONE)
    aws.change()


def test_an_update_waits_for_somebody_elses(aws: Answers) -> None:
    """The revision that counts is the one after that."""
    aws.get(UPDATING, "1")
    aws.get(DONE, "2")
    aws.get(DONE, "3")
    aws.update("3")
    aws.get(DONE)
    aws.change()


def test_an_update_waits_until_the_function_is_made(aws: Answers) -> None:
    """Before that, Lambda refuses every change."""
    aws.get({"State": "Pending"})
    aws.get(DONE)
    aws.get(DONE, "2")
    aws.update("2")
    aws.get(DONE)
    aws.change()


@pytest.mark.parametrize("error", ["ResourceConflictException", "PreconditionFailedException"])
def test_nobodys_change_is_lost(aws: Answers, error: str) -> None:
    """Where somebody was faster, the function is read anew, and theirs is kept."""
    aws.get(DONE, "1")
    aws.update("1", error)
    aws.get(DONE, "2", Environment={"Variables": {"THEIRS": "x"}})
    aws.update("2", THEIRS="x")
    aws.get(DONE)
    aws.change()
    assert 0 <= aws.slept[0] <= 1


def test_another_change_than_was_shown_is_not_made(aws: Answers) -> None:
    """Somebody else put a layer where this one was to be."""
    aws.get(DONE, "1")
    aws.update("1", "PreconditionFailedException")
    aws.get(DONE, "2", Layers=[{"Arn": layer_arn("theirs")}])
    with pytest.raises(Failure, match="somebody else has changed it meanwhile; review it"):
        aws.change()


def test_a_change_that_somebody_else_made_already_is_done(aws: Answers) -> None:
    """Nothing is left to change."""
    aws.get(DONE, Layers=[{"Arn": LAYER}])
    aws.change()


def test_an_update_gives_up_after_six_conflicts(aws: Answers) -> None:
    """Each waits for up to twice as long as the one before."""
    for _ in range(6):
        aws.get(DONE)
        aws.update("1", "ResourceConflictException")
    with pytest.raises(Failure, match="at each of 6 attempts; run this again later"):
        aws.change()
    assert all(seconds <= 2**n for n, seconds in enumerate(aws.slept))
    assert len(aws.slept) == 5  # and after the last one there is nothing to wait for


def test_an_update_that_fails_tells_why(aws: Answers) -> None:
    """In Lambda's words."""
    aws.get(DONE)
    aws.update("1")
    aws.get({"LastUpdateStatus": "Failed", "LastUpdateStatusReason": "No space for the layers."})
    with pytest.raises(Failure, match="could not apply an update: No space for the layers"):
        aws.change()
