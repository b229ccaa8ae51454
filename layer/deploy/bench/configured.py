"""What a copy is configured to be, as an operator is shown it."""

from ..functions import environment
from ..functions.configuration import Configuration
from .original import Original


def shown(function: Configuration, original: Original) -> dict[str, str]:
    """A copy's properties by name, without what may be a secret.

    Args:
        function: What is different about the copy: its layers and variables.
        original: What it is a copy of; the rest is as there.
    """
    version = f":{original.qualifier}" if original.qualifier else ""
    layers = {f"layer {n}": arn for n, arn in enumerate(function.layers, 1)}
    return {
        "copy of": f"{original.configuration.name}{version}",
        "role": function.role,
        "log group": original.log_group,
        **layers,
        **{k: environment.show(k, v) for k, v in sorted(function.variables.items())},
    }
