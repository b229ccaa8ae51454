"""Whether the function has the layer, for its architecture, and not an old one."""

from collections.abc import Iterator

from ...functions.configuration import Configuration
from ...functions.environment import WARMKEY_EXEC, WRAPPER
from ...functions.limits.signatures import REMEDY
from ...functions.survey import behind
from ...layers import layer
from ...layers.layer import LayerVersion
from ..finding import Finding, Unknown, unchecked

_CHECK = "layer"


def check(
    function: Configuration,
    version: LayerVersion | Unknown,
    newest: LayerVersion | Unknown | None,
    own: str,
) -> Iterator[Finding]:
    """Look at its layers.

    Args:
        function: The function.
        version: The Warmkey layer that it has; unknown, too, where it has none.
        newest: The newest that is published for its architecture in its account and region.
        own: The version of this command.
    """
    if function.is_image:
        yield Finding(
            "unchecked",
            _CHECK,
            "it is a container image, whose files nobody can see from here",
            "the extension may be missing from it, or old",
            "look into the image: /opt/extensions/warmkey must be there",
        )
        return
    arn = next((each for each in function.layers if layer.is_warmkey(each)), "")
    if not arn:
        yield _missing(function)
        return
    if isinstance(version, Unknown):
        yield unchecked(_CHECK, version, f"{arn} may be old, or for another architecture")
        return
    if not _fits(version, function.architecture):
        yield Finding(
            "error",
            _CHECK,
            f"{arn} is not for {function.architecture}",
            "the extension can't be executed, so every start of the function fails",
            f"warmkey attach {function.name}",
        )
    if isinstance(newest, Unknown):
        yield unchecked(_CHECK, newest, f"{arn} may be old")
    elif newer := behind(version, newest, own):
        yield Finding(
            "warning",
            _CHECK,
            f"it has version {version.warmkey or 'unknown'}, and there is {newer}",
            "later fixes are missing",
            f"warmkey publish, then warmkey attach {function.name}",
        )


def refused(arn: str) -> Finding:
    """That Lambda won't give the function a layer version, for want of a signature.

    Args:
        arn: The version.
    """
    return Finding(
        "warning",
        _CHECK,
        f"its code-signing configuration demands a signature that {arn} lacks",
        "Lambda refuses to add it; what has it already keeps it",
        REMEDY,
    )


def _missing(function: Configuration) -> Finding:
    wrapped = function.variables.get(WRAPPER) == WARMKEY_EXEC
    costs = "every start fails: the exec wrapper is not there" if wrapped else "nothing is fetched"
    return Finding(
        "error", _CHECK, "it does not have the layer", costs, f"warmkey attach {function.name}"
    )


def _fits(version: LayerVersion, architecture: str) -> bool:
    """Whether a layer is for an architecture, by what it says, or else by its name."""
    if version.architectures:
        return architecture in version.architectures
    others = (name for each, name in layer.NAMES.items() if each != architecture)
    return layer.name_in(version.arn) not in others
