"""Signatures that a function demands of its layers, which Lambda checks when they are added.

A code-signing configuration holds for the layers as well as for the code. The layer is published
without a signature: whoever demands one signs the zip as their own, with AWS Signer.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
"""

import threading
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from ...account import RETRYING, Account
from ...layers import layer
from ...output.failure import Failure
from ..configuration import Configuration

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

REMEDY = (
    "sign the layer's zip with AWS Signer (aws signer start-signing-job), publish that (warmkey "
    "publish --dist FOLDER), and name it with --layer"
)


class Signatures:
    """Asks Lambda which functions demand signatures, and which layers have them.

    Args:
        account: The account, in the functions' region.
    """

    def __init__(self, account: Account) -> None:
        self._client: LambdaClient = account.session.client("lambda", config=RETRYING)
        self._demanded: dict[str, frozenset[str]] = {}
        self._signers: dict[str, str] = {}
        self._one_at_a_time = threading.Lock()

    def check(self, before: Configuration, after: Configuration) -> None:
        """Make sure that a function may be given the layers that it is to have.

        What may not be looked at is left to Lambda, which refuses what is not signed.

        Raises:
            Failure: It may not.
        """
        added = [arn for arn in after.layers if arn not in before.layers]
        if added and (refused := self.refused(before, added)):
            raise Failure(
                f"its code-signing configuration demands a signature that {refused} lacks", REMEDY
            )

    def refused(self, function: Configuration, layers: Iterable[str]) -> str:
        """The first of some layers that a function may not be given; empty where it may have all.

        Args:
            function: The function. Only one whose code is signed is asked for what it demands: that
                costs a call for each, of few that Lambda takes.
            layers: Their ARNs.
        """
        if not function.signed:
            return ""
        try:
            with self._one_at_a_time:
                signers = self._signers_for(function.name)
                refused = (arn for arn in layers if signers and self._signer(arn) not in signers)
                return next(refused, "")
        except ClientError:
            return ""

    def _signers_for(self, name: str) -> Collection[str]:
        """The signing profiles of which a function demands one; none where it only warns."""
        found = self._client.get_function_code_signing_config(FunctionName=name)
        arn = found.get("CodeSigningConfigArn", "")
        if arn and arn not in self._demanded:
            config = self._client.get_code_signing_config(CodeSigningConfigArn=arn)[
                "CodeSigningConfig"
            ]
            policy = config.get("CodeSigningPolicies", {}).get("UntrustedArtifactOnDeployment")
            allowed = config["AllowedPublishers"]["SigningProfileVersionArns"]
            self._demanded[arn] = frozenset(allowed if policy == "Enforce" else ())
        return self._demanded.get(arn, ())

    def _signer(self, arn: str) -> str:
        """The profile that has signed a layer; empty where none has."""
        if arn not in self._signers:
            version = self._client.get_layer_version(
                LayerName=layer.without_number(arn), VersionNumber=int(arn.rpartition(":")[2])
            )
            self._signers[arn] = version["Content"].get("SigningProfileVersionArn", "")
        return self._signers[arn]
