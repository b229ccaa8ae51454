"""References: the grammar, and what is none."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.declared.reference import MalformedReference, Reference, parse
from extension.sources.parameter import Parameter
from extension.sources.parameter_path import ParameterPath
from extension.sources.secretsmanager import Secret

ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret"
names = st.from_regex(r"/?[A-Za-z0-9_.-]{1,20}(/[A-Za-z0-9_.-]{1,20}){0,3}", fullmatch=True)
secret_names = st.from_regex(r"[A-Za-z0-9/_+=.@!-]{0,20}[A-Za-z0-9]", fullmatch=True)
selectors = st.just("") | st.from_regex(r"[A-Za-z0-9_.-]{1,20}", fullmatch=True)
fields = st.text(max_size=12).filter(lambda name: "{stage}" not in name)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("/stripeSecretKey/live", Parameter("/stripeSecretKey/live")),
        ("ssm:/a/b", Parameter("/a/b")),
        ("ssm:name", Parameter("name")),
        ("/a/b:3", Parameter("/a/b", "3")),
        ("ssm:name:stable", Parameter("name", "stable")),
        (f"{ARN}/a/b", Parameter(f"{ARN}/a/b")),
        (f"{ARN}/a/b:3", Parameter(f"{ARN}/a/b", "3")),
        (
            "arn:aws-cn:ssm:cn-north-1:1:parameter/a",
            Parameter("arn:aws-cn:ssm:cn-north-1:1:parameter/a"),
        ),
        ("secretsmanager:prod/db", Secret("prod/db")),
        ("secretsmanager:a+=.@-!_", Secret("a+=.@-!_")),
        (f"{SECRET_ARN}:prod/db-AbCdEf", Secret(f"{SECRET_ARN}:prod/db-AbCdEf")),
        ("secretsmanager:db?versionStage=AWSPREVIOUS", Secret("db", version_stage="AWSPREVIOUS")),
        ("secretsmanager:db?versionStage=AWSCURRENT", Secret("db", "", "AWSCURRENT")),
        ("secretsmanager:db?versionId=1-2-3", Secret("db", version_id="1-2-3")),
        (f"{SECRET_ARN}:db?versionId=1", Secret(f"{SECRET_ARN}:db", version_id="1")),
        ("ssm:arn:3", Parameter("arn", "3")),
    ],
)
def test_every_form_of_the_table_is_read(text: str, source: Parameter | Secret) -> None:
    """As in the README."""
    assert parse(text) == Reference(source)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("/a#b", "b"),
        ("/a:3#b.c", "b.c"),
        ("secretsmanager:a?versionId=1#b c", "b c"),
        ("/a#.npmrc", ".npmrc"),
        ("/a#b..c", "b..c"),
        ("/a#/b~1c/0", "/b~1c/0"),
        ("/a##", "#"),
    ],
)
def test_a_hash_sign_asks_for_a_field(text: str, field: str) -> None:
    """Of the JSON value, as it is written."""
    assert parse(text).field == field


@pytest.mark.parametrize(
    ("ecs", "ours"),
    [
        (":password::", "#password"),
        (":::", ""),
        (":a b:AWSPREVIOUS:", "?versionStage=AWSPREVIOUS#a b"),
        ("::AWSPREVIOUS:", "?versionStage=AWSPREVIOUS"),
        (":::1-2-3", "?versionId=1-2-3"),
        (":password::1-2-3?optional=true", "?versionId=1-2-3&optional=true#password"),
        (":spring.password::", "#/spring.password"),
        (":/a~b::", "#/~1a~0b"),
    ],
)
def test_the_form_of_ecs_means_what_it_means_there(ecs: str, ours: str) -> None:
    """`ARN:key:stage:version`, whose key is never a path of keys."""
    assert parse(f"{SECRET_ARN}:prod/db-AbCdEf{ecs}") == parse(f"{SECRET_ARN}:prod/db-AbCdEf{ours}")


@pytest.mark.parametrize(
    ("query", "optional", "default"),
    [
        ("?optional=true", True, None),
        ("?optional=false", False, None),
        ("?default=", False, ""),
        ("?default=a=b?{c}", False, "a=b?{c}"),
        ("?default=%26%23%25+%C3%A4", False, "&#%+ä"),
        ("?default=info&optional=true", True, "info"),
    ],
)
@pytest.mark.parametrize("source", ["/a:3", f"{ARN}/a", "secretsmanager:a", f"{SECRET_ARN}:a"])
@pytest.mark.parametrize("field", ["", "#b"])
def test_any_single_value_may_be_optional_or_have_a_default(
    source: str, field: str, query: str, optional: bool, default: str | None
) -> None:
    """By options between its name and its field."""
    expected = parse(f"{source}{field}")
    assert parse(f"{source}{query}{field}") == replace(expected, optional=optional, default=default)


def test_options_of_a_service_stand_beside_the_others() -> None:
    """In any order."""
    expected = Reference(Secret("a", version_id="1"), optional=True)
    assert parse("secretsmanager:a?versionId=1&optional=true") == expected
    assert parse("secretsmanager:a?optional=true&versionId=1") == expected


def test_a_path_may_be_optional() -> None:
    """It may have no parameters."""
    assert parse("/a/*?optional=true") == Reference(ParameterPath("/a"), optional=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/stripeSecretKey/{stage}", parse("/stripeSecretKey/live")),
        (
            "secretsmanager:{stage}/db?versionStage={stage}#{stage}",
            parse("secretsmanager:live/db?versionStage=live#live"),
        ),
        ("/a", parse("/a")),
    ],
)
def test_the_stage_is_put_in_everywhere(text: str, expected: Reference) -> None:
    """Wherever `{stage}` stands."""
    assert parse(text, "live") == expected


@pytest.mark.parametrize(
    ("source", "wire_name"),
    [(Parameter("/a"), "/a"), (Parameter("/a", "3"), "/a:3"), (Parameter("/a", "x"), "/a:x")],
)
def test_the_wire_name_carries_the_selector(source: Parameter, wire_name: str) -> None:
    """As `GetParameter` wants it."""
    assert source.wire_name == wire_name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "matches none of the known forms"),
        ("name", "matches none of the known forms"),
        ("sk_live_x", "matches none of the known forms"),
        ("vault:a", "matches none of the known forms"),
        ("ssm", "matches none of the known forms"),
        ("secretsmanager", "matches none of the known forms"),
        ("arn:aws:s3:::bucket", "matches none of the known forms"),
        ("arn:aws:ssm:eu-west-1:1:document/a", "matches none of the known forms"),
        ("arn:aws:secretsmanager:eu-west-1:1:other:a", "matches none of the known forms"),
        (f"secretsmanager:{ARN}/a", "an ARN names its service itself: remove secretsmanager:"),
        (f"secretsmanager:{SECRET_ARN}:a", "names its service itself: remove secretsmanager:"),
        (f"ssm:{ARN}/a", "an ARN names its service itself: remove ssm:"),
        (f"ssm:{SECRET_ARN}:a", "an ARN names its service itself: remove ssm:"),
        ("secretsmanager:arn:aws:secretsmanager", "':'"),
        ("ssm:", "the name is empty"),
        ("/", "the name is empty"),
        ("ssm://", "the name is empty"),
        ("secretsmanager:", "the name is empty"),
        ("/a b", "' ' is not allowed in a name"),
        ("/ä*", "'* ä' is not allowed in a name"),
        ("/a\n", r"'\n' is not allowed in a name"),
        ("secretsmanager:a:b", "':' is not allowed in a name"),
        (f"{SECRET_ARN}:a:key", "is not of the form ARN:key:stage:version"),
        (f"{SECRET_ARN}:a:key:", "is not of the form ARN:key:stage:version"),
        (f"{SECRET_ARN}:a:b:c:d:e", "is not of the form ARN:key:stage:version"),
        (f"{SECRET_ARN}:a:::\udc93", "the stage or the version is not UTF-8"),
        (f"{SECRET_ARN}:a::\ud83d:", "the stage or the version is not UTF-8"),
        (f"{SECRET_ARN}:a:key:x:1", "only one of the stage and the version"),
        (f"{SECRET_ARN}:a:key::#b", "has a field and a version of its own"),
        (f"{SECRET_ARN}:a:key::?versionId=1", "has a field and a version of its own"),
        (f"{SECRET_ARN}:a::{{x}}:", "{stage} is the only placeholder"),
        ("/" + "a" * 2048, "longer than 2048 characters"),
        ("/a:", "neither a version nor a label"),
        ("/a:b/c", "neither a version nor a label"),
        ("/a:1:2", "neither a version nor a label"),
        (f"{ARN}/a:", "neither a version nor a label"),
        ("/a#", "the field after # is empty"),
        ("/a/{env}", "{stage} is the only placeholder"),
        ("/a/*:3", "a path takes neither a version nor a label"),
        ("ssm:a/*", "a path must begin with /"),
        ("/*", "a path of / alone is every parameter of the account; name one below"),
        ("ssm:///*", "a path of / alone is every parameter of the account; name one below"),
        ("secretsmanager:a?", "'' after ? is not of the form option=value"),
        ("/a?optional", "'optional' after ? is not of the form option=value"),
        ("secretsmanager:a?versionId=", "versionId is empty"),
        ("secretsmanager:a?versionStage=", "versionStage is empty"),
        ("secretsmanager:a?versionId={x}", "{stage} is the only placeholder"),
        ("secretsmanager:a?version=1", "'version' is no option of it; known after ? are optional"),
        ("/a?versionId=1", "'versionId' is no option of it; known after ? are optional, default"),
        ("secretsmanager:a?versionId=1&versionStage=x", "only one of versionStage and versionId"),
        ("secretsmanager:a?versionStage=x&versionId=1", "only one of versionStage and versionId"),
        ("/a?optional=yes", "optional is 'yes'; it must be true or false"),
        ("/a?optional=true&optional=true", "the option 'optional' is given twice"),
        ("/a?default=%", "the option 'default' has a % that is not followed by two hex digits"),
        ("/a?default=%ff", "the option 'default' is not percent-encoded UTF-8"),
        ("/a/*?default=x", "a path has no default"),
        ("/a#b?optional=true", "options come before the field: write ?optional=… before the #"),
        ("/a#b?default=x", "options come before the field: write ?default=… before the #"),
    ],
)
def test_invalid_reference_is_refused_with_the_reason(text: str, reason: str) -> None:
    """And with what was given and the forms there are."""
    with pytest.raises(MalformedReference) as refused:
        parse(text)
    message = str(refused.value)
    assert reason in message
    assert message.startswith(repr(text)[:60])
    assert "A reference is /name, ssm:name" in message


def test_a_name_may_be_as_long_as_its_service_allows() -> None:
    """2048 characters."""
    name = "/" + "a" * 2047
    assert parse(name) == Reference(Parameter(name))


@pytest.mark.parametrize(
    "text",
    [
        "/" + "a" * 100_000,
        "a" * 100_000,
        "/a{#" + "." * 100_000,
        "/" + "".join(map(chr, range(1024, 3000))),
    ],
)
def test_a_long_text_is_cut_in_the_message(text: str) -> None:
    """A line of the log is no place for all of it."""
    with pytest.raises(MalformedReference) as refused:
        parse(text)
    assert len(str(refused.value)) < 600


@given(names, selectors, fields)
def test_a_parameter_is_read_as_it_was_put_together(name: str, selector: str, field: str) -> None:
    """Name, selector and field, by each way of writing it."""
    tail = (f":{selector}" if selector else "") + (f"#{field}" if field else "")
    expected = Reference(Parameter(name, selector), field)
    assert parse(f"ssm:{name}{tail}") == expected
    assert parse(f"/{name}{tail}") == Reference(Parameter(f"/{name}", selector), field)
    arn = f"{ARN}/{name.lstrip('/')}"
    assert parse(arn + tail) == Reference(Parameter(arn, selector), field)


@given(secret_names, st.sampled_from(["", "versionId", "versionStage"]), selectors, fields)
def test_a_secret_is_read_as_it_was_put_together(
    name: str, kind: str, version: str, field: str
) -> None:
    """Name, version and field."""
    query = f"?{kind}={version}" if kind and version else ""
    tail = f"#{field}" if field else ""
    source = Secret(
        name,
        version_id=version if kind == "versionId" else "",
        version_stage=version if kind == "versionStage" else "",
    )
    assert parse(f"secretsmanager:{name}{query}{tail}") == Reference(source, field)


@given(
    st.sampled_from(["", "/", "ssm:", "secretsmanager:", f"{ARN}/", f"{SECRET_ARN}:"]),
    st.text() | st.text("/:#?=.*{}ab1", max_size=12),
    st.text(max_size=5),
)
def test_any_text_is_a_reference_or_malformed(prefix: str, text: str, stage: str) -> None:
    """Nothing else is raised, and what is read has a name of its service's characters."""
    try:
        source = parse(prefix + text, stage).source
    except MalformedReference:
        return
    assert source.name.strip("/")
    assert source.name.isascii()
    assert source.name.isprintable()
    assert not set(source.name) & set(" #?*{}")


def test_a_stage_that_nobody_has_filled_in_is_named() -> None:
    """The reference itself is right."""
    with pytest.raises(
        MalformedReference, match=r"the stage is '\$\{opt:stage\}', and \{stage\} is "
    ):
        parse("/key/{stage}", "${opt:stage}")
