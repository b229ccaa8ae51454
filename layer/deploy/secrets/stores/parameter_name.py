"""Names under which a parameter can be stored, which not every reference is."""

from ....extension.declared import reference
from ....extension.declared.reference import MalformedReference
from ....extension.sources.parameter import Parameter
from ...output.failure import InvalidInput

_LONGEST = 1011  # characters
_DEEPEST = 15  # levels
_RESERVED = ("aws", "ssm")


def check(text: str) -> str:
    """The name that SSM is told.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html

    Args:
        text: What was given: `/a/b`, `name` or `ssm:name`.

    Raises:
        InvalidInput: It is no name.
    """
    if "=" in text:  # what follows may be a secret, which no message repeats
        raise InvalidInput(
            "a parameter's name has no =, and the value is never an argument",
            "give the name alone, and enter the value when asked, or pass --file",
        )
    if "{" in text:
        raise InvalidInput(
            f"{text} stands for several parameters",
            "put each of them by its own name, as in /stripeSecretKey/live",
        )
    try:
        found = reference.parse(text if text.startswith(("/", "ssm:", "arn:")) else f"ssm:{text}")
    except MalformedReference as error:
        raise InvalidInput(str(error)) from None
    match found.source:
        case Parameter(name=name, selector="") if not found.field and not name.startswith("arn:"):
            _check_rules(name)
            return name
    raise InvalidInput(
        f"{text} is not the name of one parameter",
        "give the name alone, as in /stripeSecretKey/live",
    )


def _check_rules(name: str) -> None:
    levels = name.strip("/").split("/")
    if "/" in name and not name.startswith("/"):
        raise InvalidInput(f"{name} has levels and must begin with /", f"write /{name}")
    if "" in levels or name.endswith("/"):
        raise InvalidInput(f"{name} has an empty level", "remove the superfluous /")
    if levels[0].lower().startswith(_RESERVED):
        raise InvalidInput(f"{name} begins with aws or ssm, which AWS reserves", "rename it")
    if len(levels) > _DEEPEST:
        raise InvalidInput(f"{name} has {len(levels)} levels", f"SSM allows {_DEEPEST}")
    if len(name) > _LONGEST:
        raise InvalidInput(f"{name} has {len(name)} characters", f"SSM allows {_LONGEST}")
