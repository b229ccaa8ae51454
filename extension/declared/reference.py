"""References: what a declared secret points to upstream.

`ssm:/a/b:3#field` → `Reference(Parameter("/a/b", "3"), ("field",))`. The grammar is the table in
the README; limits are those of the services' own API references:
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ..sources.source import Parameter, ParameterPath, Secret, Source, make_secret

FORMS = (
    "/name, ssm:name, ssm:name:version-or-label, ssm:/path/*, arn:aws:ssm:…, "
    "secretsmanager:name or arn:aws:secretsmanager:… (with ?versionStage=… or ?versionId=…), each "
    "with #field for a field of a JSON value"
)
_LONGEST_NAME = 2048
_LONGEST_SHOWN = 200  # characters of a text that is wrong
_ALPHANUMERIC = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_PARAMETER_CHARACTERS = _ALPHANUMERIC | frozenset("/_.-")
_SECRET_CHARACTERS = _ALPHANUMERIC | frozenset("/_+=.@-!")
_ARN_CHARACTERS = _SECRET_CHARACTERS | frozenset(":")


class MalformedReference(ValueError):
    """The text is not a reference; the message says what is wrong and which forms there are."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A value upstream, or one field of it.

    Attributes:
        source: what is read.
        field: the path to a field of its JSON value; empty means the whole value.
        member: which parameter under a path; empty where the source is one value.
    """

    source: Source
    field: tuple[str, ...] = ()
    member: str = ""


def parse(text: str, stage: str = "") -> Reference:
    """Read a reference.

    Args:
        text: the reference, as declared.
        stage: what `{stage}` in it becomes.

    Returns:
        What it points to.

    Raises:
        MalformedReference: it is none.
    """
    whole, hash_sign, field = text.replace("{stage}", stage).partition("#")
    path = tuple(field.split(".")) if hash_sign else ()
    if hash_sign and not all(path):
        raise _error(text, "the field after # is empty; write #field or #a.b")
    if "{" in whole:
        raise _error(text, "{stage} is the only placeholder")
    return Reference(_source(text, whole), path)


def _source(text: str, whole: str) -> Source:
    match whole.split(":", 5):
        case ["ssm" | "secretsmanager" as service, "arn", _, _, _, _]:
            raise _error(text, f"an ARN names its service itself: remove {service}:")
        case ["arn", _, "ssm", _, _, resource] if resource.startswith("parameter/"):
            name, colon, selector = resource.partition(":")
            prefix = whole[: len(whole) - len(resource)]
            return _parameter(text, prefix + name, colon, selector, _ARN_CHARACTERS)
        case ["arn", _, "secretsmanager", _, _, resource] if resource.startswith("secret:"):
            return _secret(text, whole, _ARN_CHARACTERS)
        case ["secretsmanager", _, *_]:
            return _secret(text, whole.removeprefix("secretsmanager:"), _SECRET_CHARACTERS)
        case ["ssm", _, *_]:
            pass
        case [name, *_] if name.startswith("/"):
            pass
        case _:
            raise _error(text, "it matches none of the known forms")
    name, colon, selector = whole.removeprefix("ssm:").partition(":")
    return _parameter(text, name, colon, selector, _PARAMETER_CHARACTERS)


def _parameter(text: str, name: str, colon: str, selector: str, allowed: frozenset[str]) -> Source:
    if name.endswith("/*"):
        return _path(text, name.removesuffix("/*"), colon)
    _check_name(text, name, allowed)
    if colon and (not selector or not set(selector) <= _PARAMETER_CHARACTERS - {"/"}):
        raise _error(text, "what follows the name's colon is neither a version nor a label")
    return Parameter(name, selector)


def _path(text: str, path: str, colon: str) -> ParameterPath:
    if colon:
        raise _error(text, "a path takes neither a version nor a label")
    if not path.startswith("/"):
        raise _error(text, "a path must begin with /, as in ssm:/app/prod/*")
    _check_name(text, path, _PARAMETER_CHARACTERS)
    return ParameterPath(path)


def _secret(text: str, whole: str, allowed: frozenset[str]) -> Secret:
    name, question_mark, query = whole.partition("?")
    _check_name(text, name, allowed)
    if not question_mark:
        return Secret(name)
    match query.partition("="):
        case ["versionId", "=", version_id] if version_id and "&" not in version_id:
            return make_secret(name, version_id=version_id)
        case ["versionStage", "=", version_stage] if version_stage and "&" not in version_stage:
            return make_secret(name, version_stage=version_stage)
    raise _error(text, "after ? only versionId=… or versionStage=… is allowed")


def _check_name(text: str, name: str, allowed: frozenset[str]) -> None:
    if not name.strip("/"):
        raise _error(text, "the name is empty")
    if len(name) > _LONGEST_NAME:
        raise _error(text, f"the name is longer than {_LONGEST_NAME} characters")
    if strange := sorted(set(name) - allowed):
        raise _error(text, f"{' '.join(strange[:9])!r} is not allowed in a name")


def _error(text: str, reason: str) -> MalformedReference:
    shown = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    return MalformedReference(f"{shown!r} is not a reference: {reason}. A reference is {FORMS}")
