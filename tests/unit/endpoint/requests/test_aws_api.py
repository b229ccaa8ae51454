"""The drop-in API: which request makes which query."""

from contextlib import suppress
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.endpoint.requests import aws_api
from extension.endpoint.requests.aws_api import ReadSource, is_asked
from extension.endpoint.requests.routes import route
from extension.endpoint.responses.problem import Problem, Refused
from extension.sources.parameter import Parameter
from extension.sources.secretsmanager import Secret
from tests.fakes.heads import TOKEN, head

ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter/a/b"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"
PARAMETERS = ["/systemsmanager/parameters/get", "/systemsmanager/parameters/get/"]
SECRETS = ["/secretsmanager/get", "/secretsmanager/get/"]
PLAIN = Parameter("/a/b", decrypt=False)
names = st.sampled_from(
    ["name", "version", "label", "withDecryption", "secretId", "versionId", "versionStage",
     "refreshNow", "x", ""]
)  # fmt: skip
values = st.sampled_from(["/a", "true", "1", "false", "", ARN, ":", "::"]) | st.text(max_size=5)


def ask(target: str) -> object:
    """The query that a request makes."""
    return route(head(target), lambda: [TOKEN])


def refused(target: str) -> Problem:
    """Why it makes none."""
    with pytest.raises(Refused) as refusal:
        ask(target)
    return refusal.value.problem


def source(target: str) -> object:
    """What a request reads."""
    query = ask(target)
    assert isinstance(query, ReadSource)
    return query.source


@pytest.mark.parametrize("path", PARAMETERS)
@pytest.mark.parametrize("name", ["/a/b", "%2Fa%2Fb", "%2fa%2fb", "/a%2Fb"])
def test_a_parameter_is_asked_for_by_name(path: str, name: str) -> None:
    """With or without the slash at the path's end, the name's own encoded or not."""
    assert ask(f"{path}?name={name}") == ReadSource(PLAIN, False, "", True)


@pytest.mark.parametrize("path", SECRETS)
@pytest.mark.parametrize("name", ["prod/db", "prod%2Fdb", "prod%2fdb"])
def test_a_secret_is_asked_for_by_name(path: str, name: str) -> None:
    """As a parameter is."""
    assert ask(f"{path}?secretId={name}") == ReadSource(Secret("prod/db"), False, "", True)


@pytest.mark.parametrize("arn", [ARN, quote(ARN), quote(ARN, safe="")])
def test_a_parameter_may_be_asked_for_by_its_arn(arn: str) -> None:
    """Raw, or with its colons and slashes encoded."""
    assert source(f"{PARAMETERS[0]}?name={arn}") == Parameter(ARN, decrypt=False)


@pytest.mark.parametrize("arn", [SECRET_ARN, quote(SECRET_ARN), quote(SECRET_ARN, safe="")])
def test_a_secret_may_be_asked_for_by_its_arn(arn: str) -> None:
    """Raw or encoded."""
    assert source(f"{SECRETS[0]}?secretId={arn}") == Secret(SECRET_ARN)


@pytest.mark.parametrize(
    ("query", "selector"),
    [
        ("name=/a/b&version=3", "3"),
        ("version=3&name=/a/b", "3"),
        ("name=/a/b&label=stable", "stable"),
        ("version=3&label=stable&name=/a/b", "3"),
        ("label=stable&name=/a/b&version=3", "stable"),
        ("name=/a/b&version=&label=stable", "stable"),
        ("name=/a/b&version=&label=", ""),
        ("name=/a/b:3", "3"),
        ("name=%2Fa%2Fb%3Astable", "stable"),
        ("name=/a/b:", ""),
    ],
)
def test_the_first_of_version_and_label_counts(query: str, selector: str) -> None:
    """An empty one is none, and the name may bring its own."""
    wanted = "/a/b:" if query == "name=/a/b:" else "/a/b"
    assert source(f"{PARAMETERS[0]}?{query}") == Parameter(wanted, selector, decrypt=False)


def test_an_arn_may_bring_its_own_version() -> None:
    """After the colon that follows its name."""
    assert source(f"{PARAMETERS[0]}?name={ARN}:3") == Parameter(ARN, "3", decrypt=False)


def test_a_name_with_a_version_of_its_own_and_another_is_left_to_the_service() -> None:
    """Which refuses it, rather than have us guess."""
    asked = source(f"{PARAMETERS[0]}?name=/a/b:3&version=4")
    assert asked == Parameter("/a/b:3", "4", decrypt=False)


@pytest.mark.parametrize(
    ("text", "decrypt"),
    [
        ("", False),
        ("&withDecryption=", False),
        ("&withDecryption=false", False),
        ("&withDecryption=False", False),
        ("&withDecryption=0", False),
        ("&withDecryption=true", True),
        ("&withDecryption=True", True),
        ("&withDecryption=TRUE", True),
        ("&withDecryption=1", True),
        ("&withDecryption=t", True),
        ("&withDecryption=T", True),
        ("&withDecryption=f", False),
        ("&withDecryption=F", False),
        ("&withDecryption=true&withDecryption=false", True),
    ],
)
def test_decryption_is_off_unless_it_is_asked_for(text: str, decrypt: bool) -> None:
    """As in AWS's extension."""
    assert source(f"{PARAMETERS[0]}?name=/a/b{text}") == Parameter("/a/b", decrypt=decrypt)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("secretId=db&versionId=v-1", Secret("db", version_id="v-1")),
        ("versionStage=AWSPREVIOUS&secretId=db", Secret("db", version_stage="AWSPREVIOUS")),
        ("secretId=db&versionStage=AWSCURRENT", Secret("db", version_stage="AWSCURRENT")),
        ("secretId=db&versionStage=&versionId=", Secret("db")),
        ("versionStage=AWSCURRENT&versionId=v-1&secretId=db", Secret("db", "v-1", "AWSCURRENT")),
    ],
)
def test_a_secret_s_version_is_asked_for_by_id_or_stage(query: str, asked: Secret) -> None:
    """As it was asked for: a policy may allow only reads that name AWSCURRENT."""
    assert source(f"{SECRETS[0]}?{query}") == asked


@pytest.mark.parametrize(
    ("text", "refresh"),
    [("", False), ("false", False), ("0", False), ("true", True), ("1", True), ("True", True)],
)
def test_refresh_now_goes_upstream(text: str, refresh: bool) -> None:
    """As in AWS's Secrets Manager Agent."""
    assert ask(f"{SECRETS[0]}?secretId=db&refreshNow={text}") == ReadSource(
        Secret("db"), refresh, "", True
    )


@pytest.mark.parametrize(
    "target",
    [
        f"{PARAMETERS[0]}?foo=bar&name=/a/b&&refreshNow=maybe&secretId=x",
        f"{PARAMETERS[1]}?name=/a/b&name=/c&foo",
    ],
)
def test_unknown_parameters_of_the_query_are_ignored(target: str) -> None:
    """Clients in the wild send some; and the first of two counts."""
    assert source(target) == PLAIN


@pytest.mark.parametrize(
    ("target", "detail"),
    [
        (PARAMETERS[0], "the parameter name is missing"),
        (f"{PARAMETERS[0]}?name=", "the parameter name is missing"),
        (f"{PARAMETERS[0]}?secretId=db", "the parameter name is missing"),
        (f"{SECRETS[1]}?name=db", "the parameter secretId is missing"),
        (
            f"{PARAMETERS[0]}?name=/a&withDecryption=yes",
            "withDecryption is 'yes'; it must be true",
        ),
        (f"{SECRETS[0]}?secretId=db&refreshNow=2", "refreshNow is '2'; it must be true or false"),
        (f"{PARAMETERS[0]}?name=%zz", "not followed by two hex digits"),
    ],
)
def test_a_request_that_names_nothing_is_refused(target: str, detail: str) -> None:
    """Status 400, and what is wrong."""
    problem = refused(target)
    assert problem.status == 400
    assert detail in problem.detail


@pytest.mark.parametrize("path", [*PARAMETERS, *SECRETS])
def test_the_token_is_wanted_here_too(path: str) -> None:
    """Before anything is said about the rest."""
    with pytest.raises(Refused) as refusal:
        route(head(path, {"X-Aws-Parameters-Secrets-Token": "wrong"}), lambda: [TOKEN])
    assert refusal.value.problem.status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/systemsmanager//parameters",
        "/systemsmanager/parameters",
        "/systemsmanager/parameters/getx",
        "/SecretsManager/get",
        "/secretsmanager",
    ],
)
def test_another_path_is_not_found(path: str) -> None:
    """The hint names both of this API."""
    problem = refused(f"{path}?name=/a&secretId=a")
    assert problem.status == 404
    assert aws_api.PARAMETERS in problem.hint
    assert aws_api.SECRETS in problem.hint


@given(st.sampled_from([*PARAMETERS, *SECRETS]), st.lists(st.tuples(names, values), max_size=5))
def test_any_parameters_make_a_query_or_are_refused(
    path: str, pairs: list[tuple[str, str]]
) -> None:
    """Nothing else is raised, and the service is asked for the first name that was given."""
    encodable = [(name, value) for name, value in pairs if value.isprintable()]
    with suppress(Refused):
        query = ask(f"{path}?{urlencode(encodable, quote_via=quote)}")
        assert isinstance(query, ReadSource)
        given_name = dict(reversed(encodable))["secretId" if "secrets" in path else "name"]
        asked = query.source
        sent = asked.wire_name if isinstance(asked, Parameter) else asked.name
        assert sent.startswith(given_name)


@pytest.mark.parametrize(
    "path",
    [
        "//secretsmanager/get",
        "/secretsmanager//get/",
        "///secretsmanager/get",
        "/secretsmanager/get//",
    ],
)
def test_a_doubled_slash_is_one(path: str) -> None:
    """Public clients put a URL together so."""
    assert source(f"{path}?secretId=db") == Secret("db")


def test_a_plus_is_a_space_in_the_stage() -> None:
    """And nowhere else: names may hold one."""
    assert source("/secretsmanager/get?secretId=a+b&versionStage=MY+STAGE%2B") == Secret(
        "a+b", version_stage="MY STAGE+"
    )


@pytest.mark.parametrize("length", ["1", "8192"])
def test_a_short_body_is_ignored(length: str) -> None:
    """Some clients send one; the connection ends after the answer, and so does the body."""
    for target in ("/secretsmanager/get?secretId=db", "/systemsmanager/parameters/get?name=/a"):
        query = route(head(target, {"Content-Length": length}), lambda: [TOKEN])
        assert isinstance(query, ReadSource)
        assert not query.keep_alive
    assert route(head(target, {"Content-Length": "0"}), lambda: [TOKEN]).keep_alive


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Length": "8193"},
        {"Content-Length": "9" * 5000},
        {"Content-Length": "+1"},
        {"Content-Length": "x"},
        {"Transfer-Encoding": "chunked"},
        {"Transfer-Encoding": "chunked", "Content-Length": "1"},
    ],
)
def test_another_body_is_refused(headers: dict[str, str]) -> None:
    """One that is long, of no known length, or of two."""
    with pytest.raises(Refused) as refusal:
        route(head("/secretsmanager/get?secretId=db", headers), lambda: [TOKEN])
    assert refusal.value.problem.status == 400


@pytest.mark.parametrize(
    "target",
    [
        "//secretsmanager/get?secretId=",
        "/secretsmanager/get?secretId=a",
        "/systemsmanager/parameters/get/?name=%zz",
        "/systemsmanager/parameters/get",
        "http://127.0.0.1:2773/secretsmanager/get",
    ],
)
def test_a_request_tells_early_that_it_is_for_this_api(target: str) -> None:
    """By its target, though nothing else of it has come or is right."""
    for request in (head(target), f"GET {target} HTTP/1.1\r\nX".encode(), f"GET {target}".encode()):
        assert is_asked(request)


@pytest.mark.parametrize(
    "request_",
    [b"", b"GET", b"GET /", b"GET /v1/secretsmanager/get HTTP/1.1", b"\xff \xff"],
)
def test_another_request_is_not_for_this_api(request_: bytes) -> None:
    """Nor is what is none."""
    assert not is_asked(request_)
