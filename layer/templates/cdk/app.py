"""A Lambda function with Warmkey, by the CDK: `cdk deploy -c stage=prod -c warmkeyLayer=ARN`."""

from aws_cdk import App, Duration, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct
from warmkey_layer import WarmkeyLayer


class Notes(Stack):
    """A notes app's billing; which Stripe key it charges with depends on the stage.

    Args:
        stage: `prod` charges with the live key; `dev`, and any other stage, with the test key.
        layer_arn: The ARN of the layer, as `warmkey publish` prints it, for this region and arm64.
        package: The zip with the function's code and warmkey.json, which declares the secrets.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: str, layer_arn: str, package: str
    ) -> None:
        super().__init__(scope, construct_id)
        billing = lambda_.Function(
            self,
            "Billing",
            code=lambda_.Code.from_asset(package),
            handler="app.handler",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,  # the layer's, which holds an executable
            memory_size=512,
            timeout=Duration.seconds(10),
            tracing=lambda_.Tracing.ACTIVE,  # X-Ray; the CDK gives the role the permission
            environment={"STAGE": stage},  # chooses the row of warmkey.json
        )
        key = "live" if stage == "prod" else "test"
        WarmkeyLayer(self, "Warmkey", layer_arn).attach(
            billing,
            # Of this stage alone: dev can't read the live key, whatever its code does.
            parameters=["/notes/prices", f"/stripeSecretKey/{key}"],
        )


app = App()
stage = app.node.try_get_context("stage") or "dev"
layer_arn = app.node.try_get_context("warmkeyLayer")
if not layer_arn:
    raise SystemExit("no layer is named: -c warmkeyLayer=ARN, as `warmkey publish` prints it")
package = app.node.try_get_context("package") or "notes.zip"
Notes(app, f"notes-{stage}", stage=stage, layer_arn=layer_arn, package=package)
app.synth()
