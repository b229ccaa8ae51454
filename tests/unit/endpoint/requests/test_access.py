"""Who may ask: token, Host and proxies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.endpoint.requests.routes import Ping, ReadAll, ReadSecret, ReadStatus, route
from extension.endpoint.responses.problem import Problem, Refused
from tests.fakes.heads import TOKEN, TOKEN_HEADER, head

GUARDED = ["/v1/secrets/A", "/v1/secrets", "/v1/secrets?format=shell", "/v1/secrets/"]
OPEN = ["/v1/status", "/ping"]


def refused(request: bytes, *tokens: str) -> Problem:
    """Why a request is refused while these tokens are accepted."""
    with pytest.raises(Refused) as refusal:
        route(request, lambda: tokens)
    return refusal.value.problem


@pytest.mark.parametrize("target", GUARDED)
@pytest.mark.parametrize(
    "token",
    ["wrong", TOKEN + "x", TOKEN[:-1], TOKEN.upper(), f"{TOKEN}, {TOKEN}", f"Bearer {TOKEN}"],
)
def test_a_wrong_token_is_refused(target: str, token: str) -> None:
    """It says which header, and none of the tokens."""
    problem = refused(head(target, {TOKEN_HEADER: token}), TOKEN, "other")
    assert (problem.status, problem.kind) == (403, "token")
    assert problem.detail == f"the header {TOKEN_HEADER} is wrong"
    assert TOKEN not in problem.hint


@pytest.mark.parametrize("target", GUARDED)
@pytest.mark.parametrize("token", [None, ""])
def test_a_missing_token_is_refused(target: str, token: str | None) -> None:
    """It says where a good one is found."""
    problem = refused(head(target, {TOKEN_HEADER: token}), TOKEN)
    assert (problem.status, problem.kind) == (403, "token")
    assert problem.detail == f"the header {TOKEN_HEADER} is missing"
    assert "AWS_SESSION_TOKEN" in problem.hint


@pytest.mark.parametrize("token", [None, ""])
def test_an_empty_token_opens_nothing(token: str | None) -> None:
    """Even if it is accepted by mistake, as from a token file that is empty."""
    assert refused(head("/v1/secrets/A", {TOKEN_HEADER: token}), "").status == 403


def test_access_is_refused_where_no_token_is_accepted() -> None:
    """Not even with an empty one."""
    assert refused(head("/v1/secrets/A")).status == 403


@pytest.mark.parametrize("place", [0, 1, 2])
def test_any_of_the_accepted_tokens_opens(place: int) -> None:
    """Whichever comes first."""
    tokens = ["one", "two"]
    tokens.insert(place, TOKEN)
    assert isinstance(route(head("/v1/secrets/A"), lambda: tokens), ReadSecret)
    assert isinstance(route(head("/v1/secrets"), lambda: tokens), ReadAll)


@pytest.mark.parametrize("name", [TOKEN_HEADER.lower(), TOKEN_HEADER.upper()])
def test_the_header_s_name_is_taken_in_any_case(name: str) -> None:
    """As HTTP has it."""
    request = head("/v1/secrets/A", {TOKEN_HEADER: None, name: TOKEN})
    assert isinstance(route(request, lambda: [TOKEN]), ReadSecret)


@given(st.lists(st.integers(0x21, 0xFF), min_size=1).map(bytes))
def test_a_token_of_any_bytes_is_compared(token: bytes) -> None:
    """As the environment has it, UTF-8 or not."""
    request = head("/v1/secrets/A", {TOKEN_HEADER: token.decode("latin-1")})
    accepted = token.decode("utf-8", "surrogateescape")
    assert isinstance(route(request, lambda: [accepted]), ReadSecret)
    assert refused(request + b"x", accepted).kind == "token"


@pytest.mark.parametrize(("target", "query"), [("/v1/status", ReadStatus), ("/ping", Ping)])
def test_status_and_ping_want_no_token(target: str, query: type) -> None:
    """A health check has none, and they tell no value."""
    assert isinstance(route(head(target, {TOKEN_HEADER: None}), lambda: [TOKEN]), query)


@pytest.mark.parametrize("target", [*GUARDED, *OPEN])
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:2773",
        "127.0.0.1",
        "localhost:2773",
        "localhost",
        "LocalHost:1",
        "localhost:",
        "[::1]:",
        "[::1]:2773",
        "[::1]",
    ],
)
def test_a_host_of_loopback_is_let_in(target: str, host: str) -> None:
    """With any port, as it may be forwarded."""
    request = head(target, {"Host": host})
    assert route(request, lambda: [TOKEN]) == route(head(target), lambda: [TOKEN])


@pytest.mark.parametrize("target", [*GUARDED, *OPEN])
@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:2773",
        "localhost.evil.example",
        "localhost.evil.example:2773",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example:localhost",
        "evil.example:",
        "localhost::",
        "localhost:evil.example",
        "localhost, evil.example",
        "127.0.0.10",
        "127.0.0.2",
        "127.1",
        "0.0.0.0",  # noqa: S104 - it binds nothing
        "169.254.169.254",
        "::1",
        "[::1",
        "[::2]",
        ":2773",
    ],
)
def test_a_host_that_is_not_loopback_s_is_refused(target: str, host: str) -> None:
    """A name that an attacker made to resolve to 127.0.0.1 (DNS rebinding)."""
    problem = refused(head(target, {"Host": host}), TOKEN)
    assert (problem.status, problem.kind) == (403, "host")


def test_http_1_1_wants_a_host() -> None:
    """RFC 9112 §3.2; HTTP/1.0 does not."""
    without: dict[str, None] = {"Host": None}
    assert refused(head("/ping", without)).status == 400
    assert route(head("/ping", without, version="HTTP/1.0"), list) == Ping(
        keep_alive=False, authenticated=False
    )


def test_duplicate_host_header_is_refused() -> None:
    """Whichever of them a proxy looked at (RFC 9112 §3.2)."""
    request = head("/ping") + b"\r\nHost: 127.0.0.1:2773"
    problem = refused(request)
    assert (problem.status, problem.kind) == (400, "malformed")
    assert "twice" in problem.detail


@pytest.mark.parametrize("target", [*GUARDED, *OPEN])
@pytest.mark.parametrize("start", ["http://127.0.0.1:2773", "HTTP://localhost", "http://[::1]:1"])
def test_a_target_may_name_loopback_as_its_host(target: str, start: str) -> None:
    """The absolute form, which every server has to take (RFC 9112 §3.2.2)."""
    assert route(head(start + target), lambda: [TOKEN]) == route(head(target), lambda: [TOKEN])


@pytest.mark.parametrize(
    "start",
    [
        "http://",
        "http://evil.example",
        "http://127.0.0.1@evil.example",
        "http://evil.example@127.0.0.1",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1:2773:80",
        "http://%31%32%37.0.0.1",
    ],
)
def test_a_target_with_another_host_is_refused(start: str) -> None:
    """Nothing is forwarded, whatever the Host header says."""
    problem = refused(head(f"{start}/v1/secrets/A"), TOKEN)
    assert (problem.status, problem.kind) == (403, "host")
    assert "request target" in problem.detail


def test_a_foreign_host_is_refused_whatever_the_target_names() -> None:
    """A client sends the same in both, so somebody has changed one."""
    request = head("http://127.0.0.1/ping", {"Host": "evil.example"})
    assert refused(request).kind == "host"


@pytest.mark.parametrize("target", ["http://localhost", "http://localhost?format=json"])
def test_a_target_that_names_a_host_and_no_path_is_not_found(target: str) -> None:
    """Nothing is there."""
    assert refused(head(target)).status == 404


@pytest.mark.parametrize("target", [*GUARDED, *OPEN])
@pytest.mark.parametrize("name", ["X-Forwarded-For", "x-forwarded-for", "Forwarded", "Via"])
@pytest.mark.parametrize("value", ["10.0.0.1", ""])
def test_a_forwarded_request_is_refused(target: str, name: str, value: str) -> None:
    """A proxy was tricked into sending it (SSRF), token or not."""
    problem = refused(head(target, {name: value}), TOKEN)
    assert (problem.status, problem.kind) == (403, "forwarded")


@pytest.mark.parametrize("target", [*GUARDED, *OPEN])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:2773"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"sec-fetch-site": ""},
    ],
)
def test_a_request_of_a_web_page_is_refused(target: str, headers: dict[str, str]) -> None:
    """Whatever its Host says, token or not."""
    problem = refused(head(target, headers), TOKEN)
    assert (problem.status, problem.kind) == (403, "cross-site")


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_a_user_who_types_the_address_is_answered(site: str) -> None:
    """A browser says so."""
    query = route(head("/v1/secrets", {"Sec-Fetch-Site": site}), lambda: [TOKEN])
    assert query == ReadAll("json", keep_alive=True)


@pytest.mark.parametrize("odd", ["\ud800", "canary\udfff"])
def test_a_token_that_no_header_can_hold_harms_no_other(odd: str) -> None:
    """A credentials endpoint may answer with any JSON."""
    assert route(head("/v1/secrets"), lambda: [odd, TOKEN]) == ReadAll("json", keep_alive=True)
    assert refused(head("/v1/secrets", {TOKEN_HEADER: "another"}), odd).kind == "token"
    assert refused(head("/v1/secrets", {TOKEN_HEADER: ""}), odd).kind == "token"
