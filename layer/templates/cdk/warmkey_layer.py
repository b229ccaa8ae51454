"""The Warmkey layer, for any function of an app."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_lambda import Function, LayerVersion
from constructs import Construct


class WarmkeyLayer(Construct):
    """A published version of the layer.

    Args:
        layer_arn: Its ARN, for the functions' region and architecture.
    """

    def __init__(self, scope: Construct, construct_id: str, layer_arn: str) -> None:
        super().__init__(scope, construct_id)
        self._version = LayerVersion.from_layer_version_arn(self, "Version", layer_arn)

    def attach(
        self, function: Function, *, parameters: Sequence[str], kms_key: str = "alias/aws/ssm"
    ) -> None:
        """Attach it to a function, and let that read the parameters, and no other.

        Args:
            function: Has warmkey.json in its package, or variables that declare its secrets.
            parameters: Their names in Parameter Store, such as `/notes/prices`.
            kms_key: The alias of the KMS key that encrypts them; AWS's own unless you chose one.
        """
        function.add_layers(self._version)
        stack = Stack.of(self)
        arns = [
            stack.format_arn(service="ssm", resource="parameter", resource_name=name.lstrip("/"))
            for name in parameters
        ]
        function.add_to_role_policy(
            PolicyStatement(
                sid="ReadParameters",
                # The second reads all of them in a cold start, the first refreshes one.
                actions=["ssm:GetParameter", "ssm:GetParameters"],
                resources=arns,
            )
        )
        function.add_to_role_policy(
            PolicyStatement(
                sid="DecryptParameters",
                actions=["kms:Decrypt"],
                # A key's ARN is not known from its alias, hence key/* and the conditions: only the
                # key of that alias, only through SSM, only for these parameters.
                resources=[stack.format_arn(service="kms", resource="key", resource_name="*")],
                conditions={
                    "ForAnyValue:StringEquals": {"kms:ResourceAliases": kms_key},
                    "StringEquals": {
                        "kms:ViaService": f"ssm.{stack.region}.amazonaws.com",
                        "kms:EncryptionContext:PARAMETER_ARN": arns,
                    },
                },
            )
        )
