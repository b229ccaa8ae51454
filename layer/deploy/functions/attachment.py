"""Attachment: what a function's configuration becomes with Warmkey, and without it again.

Nothing here asks AWS: a configuration goes in, another one comes out, or the reason why not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..layers import layer
from ..layers.layer import LayerVersion
from ..output.failure import Failure
from . import environment
from .configuration import Configuration
from .environment import RECORD


@dataclass(frozen=True, slots=True)
class AttachRequest:
    """What an operator wants a function to have.

    Attributes:
        variables: Variables, such as `warmkey:` references and the stage.
        exec_wrapper: Whether the runtime is to be started through the exec wrapper.
        with_policy: Whether the function's role is to get an inline policy.
        overwrite: Whether variables that are there may change.
        replace_aws_extension: Whether AWS's own extension may go.
        remove: Variables that `attach` has set and that are to be as they were before.
    """

    variables: Mapping[str, str]
    exec_wrapper: bool = False
    with_policy: bool = False
    overwrite: bool = False
    replace_aws_extension: bool = False
    remove: tuple[str, ...] = ()


def attach(current: Configuration, version: LayerVersion, request: AttachRequest) -> Configuration:
    """The configuration with Warmkey.

    Raises:
        Failure: The function can't have the layer as requested, or would not start with it.
    """
    _check(current, version)
    record, former = current.record.without(current.variables, request.remove)
    variables = environment.add(former, request.variables, overwrite=request.overwrite)
    if request.exec_wrapper:
        variables = environment.wrap(variables, current.runtime)
    layers, replaced = _with_warmkey(current.layers, version.arn, variables, request)
    changed = record.of_variables(former, variables)
    role = current.role_name if request.with_policy else changed.role
    changed = replace(changed, layer=changed.layer or replaced, role=role)
    variables.pop(RECORD, None)
    if changed:
        variables[RECORD] = changed.text()
    environment.check_size(variables)
    after = replace(current, layers=layers, variables=variables)
    _ = after.parsed  # which fails where the extension would
    return after


def detach(current: Configuration) -> Configuration:
    """The configuration as it was before `attach`; without a record, without Warmkey.

    Raises:
        Failure: Its variables can't be read, or the record among them can't be.
    """
    if current.unreadable:
        raise _unreadable(current)
    done = current.record
    variables = {k: v for k, v in done.restore(current.variables).items() if k != RECORD}
    layers: list[str] = []
    for arn in current.layers:
        if not layer.is_warmkey(arn):
            layers.append(arn)
        elif done.layer and done.layer not in layers:
            layers.append(done.layer)
    return replace(current, layers=tuple(layers), variables=environment.unwrap(variables))


def _check(current: Configuration, version: LayerVersion) -> None:
    if current.is_image:
        raise Failure(
            "it is a container image, which can't have layers",
            "copy the layer's files into the image instead (unzip it to /opt in the Dockerfile), "
            "and set the variables where the image is deployed",
        )
    if current.unreadable:
        raise _unreadable(current)
    if version.architectures and current.architecture not in version.architectures:
        raise Failure(
            f"it runs on {current.architecture}, and {version.arn} is for "
            f"{', '.join(version.architectures)}",
            f"name a layer for {current.architecture} with --layer, too",
        )


def _unreadable(current: Configuration) -> Failure:
    return Failure(
        f"its variables can't be read, and would be lost: {current.unreadable}",
        "run this as somebody who may use the KMS key that encrypts them",
    )


def _with_warmkey(
    layers: tuple[str, ...], arn: str, variables: Mapping[str, str], request: AttachRequest
) -> tuple[tuple[str, ...], str]:
    """The layers with Warmkey's, and the ARN of AWS's own that made place for it, if any."""
    aws_extension = next((each for each in layers if layer.is_aws_extension(each)), "")
    if aws_extension and environment.ports_clash(variables):
        if not request.replace_aws_extension:
            raise Failure(
                f"AWS's own extension uses the same port: {aws_extension}",
                "pass --replace-aws-extension (Warmkey answers as it does), or set WARMKEY_PORT "
                "to another port",
            )
        rest = [each for each in layers if not layer.is_warmkey(each)]
        return tuple(arn if each == aws_extension else each for each in rest), aws_extension
    if any(layer.is_warmkey(each) for each in layers):
        kept = (arn if layer.is_warmkey(each) else each for each in layers)
        return tuple(dict.fromkeys(kept)), ""
    if len(layers) >= layer.MOST:
        raise Failure(
            f"it has {len(layers)} layers already, and Lambda allows {layer.MOST}: "
            f"{', '.join(layer.name_in(each) for each in layers)}",
            "remove one, or merge two",
        )
    return (*layers, arn), ""
