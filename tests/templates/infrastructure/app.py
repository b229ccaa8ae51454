"""An app for the CDK with a function for each case, and some that an aspect reaches."""

import json
from pathlib import Path

from aws_cdk import App, Aspects, Stack
from aws_cdk.aws_lambda import Architecture, Code, Function, Runtime, Tracing

from warmkey.deploy.infrastructure.cdk import Wanted, Warmkey, WarmkeyEverywhere


def billing(stack: Stack, name: str) -> Function:
    """A function."""
    return Function(
        stack,
        name,
        architecture=Architecture.ARM_64,
        code=Code.from_inline("def handler(event, context): ..."),
        handler="index.handler",
        runtime=Runtime.PYTHON_3_13,
        tracing=Tracing.ACTIVE,
    )


def main() -> None:
    """Synthesize it."""
    given = json.loads(Path("cases.json").read_text(encoding="utf-8"))
    app = App()
    each = Stack(app, "each")
    warmkey = Warmkey(each, "Warmkey", layer_arn=given["layerArn"])
    for name, options in given["cases"].items():
        config = options.pop("config", None)
        kms_key = options.pop("kmsKey", "")
        wanted = Wanted(**options, kms_key=kms_key, config=config and json.dumps(config))
        warmkey.attach(billing(each, name), wanted)
    everything = Stack(app, "all")
    layer = Warmkey(everything, "Warmkey", layer_arn=given["layerArn"])
    for name in ("One", "Two", "Left"):
        billing(everything, name)

    def wanted_by(function: Function) -> Wanted | None:
        name = function.node.id
        return None if name == "Left" else Wanted({"KEY": f"/{name}"}, stage="prod", exec=True)

    Aspects.of(everything).add(WarmkeyEverywhere(layer, wanted_by))
    app.synth()


if __name__ == "__main__":
    main()
