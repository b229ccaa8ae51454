"""`reference.parse`: what it reads can be written down again, and means the same."""

from extension.declared.reference import MalformedReference, Reference, parse
from extension.sources.services import SERVICES
from tests.fuzz.target import Target


def attempt(data: bytes) -> None:
    """Parse a reference as an environment variable brings it."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        reference = parse(text, "live")
    except MalformedReference as error:
        str(error).encode()  # it can be logged
        return
    assert parse(_written(reference), "live") == reference
    _check_call(reference)


def _written(reference: Reference) -> str:
    """A reference as it would be declared."""
    return reference.source.text() + "#" * bool(reference.field) + reference.field


def _check_call(reference: Reference) -> None:
    """It can be asked for, and its name holds nothing that a name can't hold."""
    source = reference.source
    source.call()
    if not source.is_path:
        SERVICES[source.service].batch_call((source,))
    assert source.name.isascii()
    assert source.name.isprintable()
    assert " " not in source.name


TARGET = Target(
    "references",
    attempt,
    [
        *("ssm:", "secretsmanager:", "arn:aws:ssm:eu-west-1:1:parameter/", "/*", ":3", ":stable"),
        *("arn:aws:secretsmanager:eu-west-1:1:secret:", "{stage}", "?versionStage=", "#a.b"),
        *("?versionId=", "AWSCURRENT", "{", "}", "&", "/a/b"),
    ],
)
