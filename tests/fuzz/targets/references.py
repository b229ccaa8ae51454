"""`reference.parse`: what it reads can be written down again, and means the same."""

from extension.declared.reference import MalformedReference, Reference, parse
from extension.sources import calls, parameters_by_path, secret_batch
from extension.sources.source import Parameter, ParameterPath, Secret
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
    """A reference in the one form that every source has."""
    match reference.source:
        case Parameter(name=name, wire_name=wire_name):
            text = wire_name if name.startswith("arn:") else f"ssm:{wire_name}"
        case ParameterPath(name=name):
            text = f"ssm:{name}/*"
        case Secret(name=name, version_id=version, version_stage=stage):
            query = f"?versionId={version}" if version else f"?versionStage={stage}" * bool(stage)
            text = "secretsmanager:" * (not name.startswith("arn:")) + name + query
    return text + "#" * bool(reference.field) + ".".join(reference.field)


def _check_call(reference: Reference) -> None:
    """It can be asked for, and its name holds nothing that a name can't hold."""
    match reference.source:
        case ParameterPath() as source:
            parameters_by_path.call(source)
        case Secret() as source:
            calls.get(source), secret_batch.call([source])
        case source:
            calls.get(source), calls.get_parameters([source])
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
