"""An operator at work: the command `warmkey`, in an AWS of its own that moto keeps in this process.

Nothing else can be reached: what moto does not answer goes to a proxy that is not there. Answers
that moto has not got, and refusals, are handed to botocore by the event that precedes each call:
https://botocore.amazonaws.com/v1/documentation/api/latest/topics/events.html
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import boto3
import botocore.session
import pytest
from botocore import handlers
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from click.testing import CliRunner, Result
from moto import mock_aws

from warmkey.deploy.commands.group import warmkey

CANARY = "canary"
"""Stands in every secret value of these tests, and may stand in no output."""

ACCOUNT = "123456789012"
REGION = "eu-central-1"
PROFILE = "live"
FOREIGN = ("AWS_", "WARMKEY_", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "TTY_")
"""How variables begin that would change what the command does, or how it shows it."""

_PROFILE = f"""region = {REGION}
aws_access_key_id = AKIAWARMKEYTESTS0000
aws_secret_access_key = {CANARY}
"""

Answer = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Operator:
    """Runs the command in a folder, for `with`.

    Args:
        folder: Where it runs, which is made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stack = ExitStack()

    def run(self, *arguments: str, standard_input: str | bytes | None = None) -> Result:
        """Run `warmkey` with some arguments, and make sure that it shows no secret.

        Args:
            arguments: The command's.
            standard_input: What stands on its standard input, which is no terminal.
        """
        result = CliRunner().invoke(
            warmkey, arguments, input=standard_input, catch_exceptions=False
        )
        assert CANARY not in result.output
        return result

    def client(self, service: Any, region: str = REGION) -> Any:
        """A boto3 client of somebody who may do anything."""
        return boto3.client(service, region_name=region)

    def answer(self, action: str, answer: Answer) -> None:
        """Have calls of an action answered otherwise than by moto.

        Args:
            action: For example `iam.SimulatePrincipalPolicy`.
            answer: From the call's parameters to its answer.
        """
        self._stack.enter_context(_answered(action, answer))

    def deny(self, action: str) -> None:
        """Have calls of an action refused for want of a permission.

        Args:
            action: For example `ssm.DescribeParameters`.
        """
        said = f"{action} is not allowed"
        self.fail(action, "AccessDeniedException", said)

    @contextmanager
    def denying(self, action: str) -> Iterator[None]:
        """Have calls of an action refused for a while."""
        refusal = {"Error": {"Code": "AccessDeniedException", "Message": f"{action}: no"}}
        with _answered(action, lambda _: refusal):
            yield

    def fail(self, action: str, code: str, said: str) -> None:
        """Have calls of an action fail.

        Args:
            action: For example `ssm.PutParameter`.
            code: The error's code.
            said: Its message.
        """
        self.answer(action, lambda _: {"Error": {"Code": code, "Message": said}})

    def __enter__(self) -> Self:
        environ = self._stack.enter_context(pytest.MonkeyPatch.context())
        for name in [name for name in os.environ if name.startswith(FOREIGN)]:
            environ.delenv(name)
        self.folder.mkdir()
        config = self.folder.with_name("aws-config")
        config.write_text(f"[profile {PROFILE}]\n{_PROFILE}[default]\n{_PROFILE}")
        environ.setenv("AWS_CONFIG_FILE", str(config))
        environ.setenv("AWS_SHARED_CREDENTIALS_FILE", str(config))
        environ.setenv("AWS_EC2_METADATA_DISABLED", "true")
        for name in ("https_proxy", "http_proxy"):
            environ.setenv(name, "http://127.0.0.1:9")
            environ.setenv(name.upper(), "http://127.0.0.1:9")
        for name in ("no_proxy", "NO_PROXY"):
            environ.delenv(name, raising=False)
        environ.chdir(self.folder)
        self._stack.enter_context(mock_aws())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


@contextmanager
def _answered(action: str, answer: Answer) -> Iterator[None]:
    """Sessions made meanwhile get these answers to an action."""

    def remember(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = params

    def reply(context: dict[str, Any], **_: Any) -> tuple[AWSResponse, Mapping[str, Any]]:
        answered = answer(context["asked"])
        status = 400 if "Error" in answered else 200
        return AWSResponse("", status, HTTPHeaders(), None), {**answered, "ResponseMetadata": {}}

    mine = [
        (f"before-parameter-build.{_event(action)}", remember),
        (f"before-call.{_event(action)}", reply),
    ]
    handlers.BUILTIN_HANDLERS[:0] = mine  # the first that answers is heard
    try:
        yield
    finally:
        for each in mine:
            handlers.BUILTIN_HANDLERS.remove(each)


def _event(action: str) -> str:
    """The action as botocore's events call it, by the service's hyphenated id."""
    service, _, operation = action.partition(".")
    model = botocore.session.get_session().get_service_model(service)
    return f"{model.service_id.hyphenize()}.{operation}"
