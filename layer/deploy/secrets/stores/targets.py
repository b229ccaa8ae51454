"""The target that a text names: a parameter, or a secret of Secrets Manager."""

from boto3.session import Session

from ....extension.declared import reference
from ....extension.declared.reference import MalformedReference
from ....extension.sources.secretsmanager import Secret
from ...output.failure import InvalidInput
from . import parameter_name
from .parameter_target import ParameterTarget
from .secret_target import SecretTarget
from .target import Target


def of(session: Session, text: str, *, tags: bool = False) -> Target:
    """The target that is meant.

    Args:
        session: The operator's.
        text: `/a/b`, `name` or `ssm:name` for a parameter; `secretsmanager:name` or an ARN for a
            secret.
        tags: Whether tags are to be looked up, too.

    Raises:
        InvalidInput: It is no name of one thing.
    """
    if text.startswith("secretsmanager:") or (text.startswith("arn:") and ":secret:" in text):
        return SecretTarget(session, _secret(text), tags=tags)
    return ParameterTarget(session, parameter_name.check(text), tags=tags)


def _secret(text: str) -> str:
    if "=" in text:  # what follows may be a secret, which no message repeats
        raise InvalidInput(
            "a secret's name has no = here, and the value is never an argument",
            "give the name alone, and enter the value when asked, or pass --file",
        )
    try:
        found = reference.parse(text)
    except MalformedReference as error:
        raise InvalidInput(str(error)) from None
    match found.source:
        case Secret(name=name, version_id="", version_stage="") if not found.field:
            return name
    raise InvalidInput(
        f"{text} is not the name of one secret", "give the name alone, as in secretsmanager:db"
    )
