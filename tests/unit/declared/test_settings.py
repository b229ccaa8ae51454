"""Settings, from any environment."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.declared.environment.variables import SettingError
from extension.declared.settings import TOKENS, Settings, log_level, parse, port, secrets_in
from extension.http.address import Address

REGION = {"AWS_REGION": "eu-west-1"}
Read = Callable[[dict[str, str]], object]
# Variable, what reads it, its default, and the ends of its range with what they become.
NUMBERS: list[tuple[str, Read, object, dict[str, object]]] = [
    ("WARMKEY_PORT", port, 2773, {"1": 1, "65535": 65535}),
    ("WARMKEY_TTL", lambda e: parse(e).services["ssm"].ttl, 300, {"0": 0, "604800": 604800}),
    (
        "WARMKEY_TTL",
        lambda e: parse(e).services["secretsmanager"].ttl,
        300,
        {"0": 0, "604800": 604800},
    ),
    ("WARMKEY_CACHE_SIZE", lambda e: parse(e).cache_size, 1000, {"0": 0, "10000": 10000}),
    (
        "WARMKEY_CACHE_BYTES",
        lambda e: parse(e).cache_bytes,
        16 * 1024**2,
        {"0": 0, "1073741824": 1024**3},
    ),
    (
        "WARMKEY_UPSTREAM_TIMEOUT_MILLIS",
        lambda e: parse(e).services["ssm"].timeout,
        2.0,
        {"50": 0.05, "60000": 60.0},
    ),
    (
        "WARMKEY_UPSTREAM_TIMEOUT_MILLIS",
        lambda e: parse(e).services["secretsmanager"].timeout,
        2.0,
        {"50": 0.05, "60000": 60.0},
    ),
    ("WARMKEY_MAX_CONNECTIONS", lambda e: parse(e).max_connections, 3, {"1": 1, "32": 32}),
    (
        "WARMKEY_PREFETCH_TIMEOUT_MILLIS",
        lambda e: parse(e).prefetch_timeout,
        2.0,
        {"100": 0.1, "60000": 60.0},
    ),
    ("WARMKEY_STALE_IF_ERROR", lambda e: parse(e).stale_if_error, 3600, {"0": 0, "604800": 604800}),
    ("WARMKEY_NEGATIVE_TTL", lambda e: parse(e).negative_ttl, 5, {"0": 0, "300": 300}),
]
WORDS: list[tuple[str, Read, object, dict[str, object]]] = [
    ("WARMKEY_REQUIRED", lambda e: parse(e).required, False, {"true": True, "FALSE": False}),
    ("WARMKEY_ALLOW", lambda e: parse(e).declared_only, False, {"Declared": True, "any": False}),
    (
        "WARMKEY_LOG_LEVEL",
        lambda e: parse(e).log_level,
        "info",
        {level: level.lower() for level in ("debug", "INFO", "Warn", "error", "none")},
    ),
]
names = st.sampled_from(
    [name for name, *_ in (*NUMBERS, *WORDS)]
    + [
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_SSM",
        "AWS_SESSION_TOKEN",
        "WARMKEY_",
        "SSM_PARAMETER_STORE_TTL",
        "SECRETS_MANAGER_TIMEOUT_MILLIS",
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT",
        "PARAMETERS_SECRETS_EXTENSION_CACHE_ENABLED",
        "PARAMETERS_AND_SECRETS_EXTENSION_",
    ]
)
values = st.text(st.characters(exclude_characters="\0"), max_size=20) | st.sampled_from(
    ["0", "1", "300", "-1", "9" * 20, "true", "http://a", "declared", "\udcff"]
)
environments = st.dictionaries(
    names | st.text(min_size=1).map("WARMKEY_{}".format), values, max_size=8
).map(lambda environ: REGION | environ)


@pytest.mark.parametrize(("name", "read", "default", "valid"), [*NUMBERS, *WORDS])
def test_each_setting_has_its_default_and_its_range(
    name: str, read: Read, default: object, valid: dict[str, object]
) -> None:
    """As in the README's table; empty means unset, and spaces around don't count."""
    assert read(REGION) == read(REGION | {name: ""}) == read(REGION | {name: " "}) == default
    for text, value in valid.items():
        assert read(REGION | {name: text}) == value
        assert read(REGION | {name: f" {text}\n"}) == value


@pytest.mark.parametrize(("name", "read", "default", "valid"), NUMBERS)
def test_a_number_out_of_its_range_stops_start_up(
    name: str, read: Read, default: object, valid: dict[str, object]
) -> None:
    """The message gives the variable, its value, the range and the default."""
    low, high = (int(text) for text in valid)
    for text in (str(low - 1), str(high + 1), "x", "1e3", "3.5", "²", "9" * 5000):
        with pytest.raises(SettingError) as refused:
            read(REGION | {name: text})
        message = str(refused.value)
        assert message.startswith(f"{name} is {text!r}; ")
        assert f"a whole number from {low} to {high}. Correct it" in message
        assert message.endswith(f"the default {_as_given(default)}")


def test_a_bad_port_is_said_by_whoever_reads_the_settings() -> None:
    """The launcher may have bound another before."""
    with pytest.raises(SettingError, match="WARMKEY_PORT is '0'"):
        parse(REGION | {"WARMKEY_PORT": "0"})


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("WARMKEY_REQUIRED", "true or false"),
        ("WARMKEY_ALLOW", "one of any, declared"),
        ("WARMKEY_LOG_LEVEL", "one of debug, info, warn, error, none"),
    ],
)
def test_a_word_that_is_not_allowed_stops_start_up(name: str, allowed: str) -> None:
    """The message gives those that are."""
    with pytest.raises(SettingError, match=rf"^{name} is 'yes'; it must be {allowed}\. "):
        parse(REGION | {name: "yes"})


def test_a_region_is_needed() -> None:
    """Without one there is nobody to ask."""
    with pytest.raises(SettingError, match="AWS_REGION is not set; set it"):
        parse({"AWS_REGION": ""})


@pytest.mark.parametrize(
    ("environ", "ssm", "secretsmanager"),
    [
        (REGION, "ssm.eu-west-1.amazonaws.com", "secretsmanager.eu-west-1.amazonaws.com"),
        ({"AWS_DEFAULT_REGION": "a"}, "ssm.a.amazonaws.com", "secretsmanager.a.amazonaws.com"),
        (
            {"AWS_REGION": "cn-north-1"},
            "ssm.cn-north-1.amazonaws.com.cn",
            "secretsmanager.cn-north-1.amazonaws.com.cn",
        ),
        (
            {"AWS_REGION": "eusc-de-east-1"},
            "ssm.eusc-de-east-1.amazonaws.eu",
            "secretsmanager.eusc-de-east-1.amazonaws.eu",
        ),
    ],
)
def test_a_service_is_where_its_region_has_it(
    environ: dict[str, str], ssm: str, secretsmanager: str
) -> None:
    """Over TLS."""
    settings = parse(environ)
    assert settings.services["ssm"].address == Address(ssm, 443, secure=True)
    assert settings.services["secretsmanager"].address == Address(secretsmanager, 443, secure=True)


def test_every_token_in_the_environment_is_accepted() -> None:
    """Empty ones are none."""
    assert parse(REGION | {"WARMKEY_TOKEN_FILE": ""}).token_file is None
    environ = {
        "AWS_SESSION_TOKEN": "a",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "",
        "WARMKEY_TOKEN": "c",
        "WARMKEY_TOKEN_FILE": "/run/token",
    }
    settings = parse(REGION | environ)
    assert (settings.tokens, settings.token_file) == (("a", "c"), "/run/token")


def test_the_repr_shows_no_token() -> None:
    """Settings may end up in a traceback."""
    assert "canary" not in repr(parse(REGION | {"AWS_SESSION_TOKEN": "canary"}))


def test_a_bundle_of_certificates_may_be_named() -> None:
    """Empty means unset."""
    assert parse(REGION | {"AWS_CA_BUNDLE": "/a.pem"}).ca_bundle == "/a.pem"
    assert parse(REGION | {"AWS_CA_BUNDLE": ""}).ca_bundle is None


@given(environments)
def test_any_environment_gives_settings_in_their_ranges_or_a_setting_error(
    environ: dict[str, str],
) -> None:
    """Nothing else is raised."""
    try:
        settings = parse(environ)
        number = port(environ)
    except SettingError:
        return
    assert isinstance(settings, Settings)
    assert 1 <= number <= 65535
    assert settings.max_connections >= 1
    assert settings.services["ssm"].timeout >= 0.05
    assert settings.log_level in ("debug", "info", "warn", "error", "none")


def _as_given(default: object) -> str:
    """A default in the variable's own unit."""
    return f"{default * 1000:.0f}" if isinstance(default, float) else str(default)


@pytest.mark.parametrize(("text", "level"), [("Debug", "debug"), ("loud", "info"), ("", "info")])
def test_log_level_is_the_default_where_the_one_that_is_set_is_none(text: str, level: str) -> None:
    """The settings say later that there is none."""
    assert log_level({"WARMKEY_LOG_LEVEL": text}) == level


@pytest.mark.parametrize(
    ("variables", "seconds"),
    [
        ({}, 2.0),
        ({"WARMKEY_REQUIRED": "false"}, 2.0),
        ({"WARMKEY_REQUIRED": "true"}, 9.0),
        ({"WARMKEY_REQUIRED": "true", "WARMKEY_PREFETCH_TIMEOUT_MILLIS": "1500"}, 1.5),
    ],
)
def test_init_is_held_for_longer_where_a_secret_is_required(
    variables: dict[str, str], seconds: float
) -> None:
    """Unless it is said for how long; both are shorter than what Lambda allows."""
    assert parse({"AWS_REGION": "eu-west-1", **variables}).prefetch_timeout == seconds


def test_every_token_and_key_of_the_environment_is_kept_out_of_texts() -> None:
    """Those of AWS's SDKs, of Lambda and of Warmkey; the others are no secrets."""
    names = [*TOKENS, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    names.append("AWS_LAMBDA_METADATA_TOKEN")
    environ = {name: f"canary of {name}" for name in names}
    assert set(secrets_in({**environ, "AWS_REGION": "eu-west-1"})) == {*environ.values()}
