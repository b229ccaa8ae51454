"""Settings that the official extension's variables give, and names that are no setting."""

from collections.abc import Callable

import pytest

from extension.declared.settings import parse, port

REGION = {"AWS_REGION": "eu-west-1"}
AWS_PREFIX = "PARAMETERS_SECRETS_EXTENSION_"
Read = Callable[[dict[str, str]], object]
# Official variable, what reads it, and the default.
OFFICIAL_NUMBERS: list[tuple[str, Read, object]] = [
    (AWS_PREFIX + "HTTP_PORT", port, 2773),
    ("SSM_PARAMETER_STORE_TTL", lambda e: parse(e).services["ssm"].ttl, 300),
    ("SECRETS_MANAGER_TTL", lambda e: parse(e).services["secretsmanager"].ttl, 300),
    (AWS_PREFIX + "CACHE_SIZE", lambda e: parse(e).cache_size, 1000),
    ("SSM_PARAMETER_STORE_TIMEOUT_MILLIS", lambda e: parse(e).services["ssm"].timeout, 2.0),
    ("SECRETS_MANAGER_TIMEOUT_MILLIS", lambda e: parse(e).services["secretsmanager"].timeout, 2.0),
    (AWS_PREFIX + "MAX_CONNECTIONS", lambda e: parse(e).max_connections, 3),
]


@pytest.mark.parametrize(
    ("official", "own", "read"),
    [
        ("SSM_PARAMETER_STORE_TTL", "WARMKEY_TTL", lambda e: parse(e).services["ssm"].ttl),
        ("SECRETS_MANAGER_TTL", "WARMKEY_TTL", lambda e: parse(e).services["secretsmanager"].ttl),
        (AWS_PREFIX + "CACHE_SIZE", "WARMKEY_CACHE_SIZE", lambda e: parse(e).cache_size),
        (AWS_PREFIX + "HTTP_PORT", "WARMKEY_PORT", port),
        (
            AWS_PREFIX + "MAX_CONNECTIONS",
            "WARMKEY_MAX_CONNECTIONS",
            lambda e: parse(e).max_connections,
        ),
    ],
)
def test_warmkeys_own_name_wins_over_the_official_one(official: str, own: str, read: Read) -> None:
    """Unless it is empty."""
    assert read(REGION | {official: "7"}) == 7
    assert read(REGION | {official: "7", own: "8"}) == 8
    assert read(REGION | {official: "7", own: ""}) == 7
    assert read(REGION | {official: "7", own: " "}) == 7


def test_an_official_name_holds_for_its_own_service_only() -> None:
    """TTL and timeout are set for each."""
    environ = {"SSM_PARAMETER_STORE_TTL": "1", "SECRETS_MANAGER_TIMEOUT_MILLIS": "1500"}
    settings = parse(REGION | environ)
    assert (settings.services["ssm"].ttl, settings.services["secretsmanager"].ttl) == (1, 300)
    assert (settings.services["ssm"].timeout, settings.services["secretsmanager"].timeout) == (
        2.0,
        1.5,
    )


@pytest.mark.parametrize(("name", "read", "default"), OFFICIAL_NUMBERS)
def test_an_official_value_that_does_not_parse_is_a_warning_and_the_default(
    name: str, read: Read, default: object
) -> None:
    """A function that swaps the layer goes on working."""
    environ = REGION | {name: "many"}
    assert read(environ) == default
    (warning,) = parse(environ).warnings
    assert warning.startswith(f"{name} is 'many', not a whole number from ")


@pytest.mark.parametrize(
    ("name", "text", "read", "value"),
    [
        ("SSM_PARAMETER_STORE_TTL", "604801", lambda e: parse(e).services["ssm"].ttl, 604801),
        (
            "SECRETS_MANAGER_TTL",
            "99999999",
            lambda e: parse(e).services["secretsmanager"].ttl,
            99999999,
        ),
        (
            "SSM_PARAMETER_STORE_TIMEOUT_MILLIS",
            "90000",
            lambda e: parse(e).services["ssm"].timeout,
            90.0,
        ),
        (AWS_PREFIX + "MAX_CONNECTIONS", "100", lambda e: parse(e).max_connections, 100),
        (AWS_PREFIX + "CACHE_SIZE", "20000", lambda e: parse(e).cache_size, 20000),
    ],
)
def test_an_official_value_above_its_maximum_works_as_it_stands(
    name: str, text: str, read: Read, value: object
) -> None:
    """Without a warning."""
    environ = REGION | {name: text}
    assert read(environ) == value
    assert parse(environ).warnings == ()


@pytest.mark.parametrize("digits", [8, 9, 12, 5000])
def test_an_official_timeout_stays_within_what_the_system_can_wait(digits: int) -> None:
    """`poll` counts milliseconds in 31 bits, and a fetch takes up to five attempts."""
    settings = parse(REGION | {"SSM_PARAMETER_STORE_TIMEOUT_MILLIS": "9" * digits})
    assert settings.services["ssm"].timeout * 5 * 1000 < 2**31


def test_an_official_port_has_no_value_above_its_maximum() -> None:
    """There is no such port, so it is a warning and the default."""
    environ = REGION | {AWS_PREFIX + "HTTP_PORT": "65536"}
    assert port(environ) == 2773
    assert parse(environ).warnings == (
        f"{AWS_PREFIX}HTTP_PORT is '65536', not a whole number from 1 to 65535; "
        "using the default 2773",
    )


@pytest.mark.parametrize(
    ("text", "size"), [("false", 0), ("F", 0), ("0", 0), ("TRUE", 7), ("1", 7), ("", 7), ("off", 7)]
)
def test_a_disabled_cache_keeps_nothing(text: str, size: int) -> None:
    """The official switch, a boolean of Go's."""
    environ = {AWS_PREFIX + "CACHE_SIZE": "7", AWS_PREFIX + "CACHE_ENABLED": text}
    assert parse(REGION | environ).cache_size == size


def test_warmkeys_own_size_of_the_cache_wins_over_the_official_switch() -> None:
    """As every name of its own does."""
    environ = {AWS_PREFIX + "CACHE_ENABLED": "false", "WARMKEY_CACHE_SIZE": "500"}
    assert parse(REGION | environ).cache_size == 500
    assert parse(REGION | environ | {"WARMKEY_CACHE_SIZE": " "}).cache_size == 0


@pytest.mark.parametrize("service", ["SSM_PARAMETER_STORE", "SECRETS_MANAGER"])
def test_an_official_timeout_of_zero_is_the_default_and_no_complaint(service: str) -> None:
    """It is AWS's own default, and some templates write it out."""
    settings = parse(REGION | {f"{service}_TIMEOUT_MILLIS": "0"})
    assert (settings.services["ssm"].timeout, settings.services["secretsmanager"].timeout) == (
        2.0,
        2.0,
    )
    assert settings.warnings == ()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("WARMKEY_TTTL", "WARMKEY_TTL"),
        ("WARMKEY_STAGES_", "WARMKEY_STAGES"),
        ("WARMKEY_LOGLEVEL", "WARMKEY_LOG_LEVEL"),
        ("WARMKEY_TIMEOUT_MILLIS", "WARMKEY_UPSTREAM_TIMEOUT_MILLIS"),
        ("WARMKEY_TOKENFILE", "WARMKEY_TOKEN_FILE"),
        ("PARAMETERS_AND_SECRETS_EXTENSION_HTTP_PORT", AWS_PREFIX + "HTTP_PORT"),
    ],
)
def test_an_unknown_name_is_a_warning_with_the_nearest_known_one(name: str, meant: str) -> None:
    """It does not show the value, which may be a secret."""
    assert parse(REGION | {name: "canary"}).warnings == (
        f"{name} is not a setting; did you mean {meant}?",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WARMKEY_STAGE", "prod"),
        ("WARMKEY_STAGES", "*=x"),
        ("WARMKEY_CONFIG", "/a.json"),
        ("WARMKEY_PORT", "9000"),
        ("WARMKEY_MY_SECRET", "warmkey:/my/secret"),
        ("HOME", "/root"),
    ],
)
def test_a_name_that_means_something_is_no_warning(name: str, value: str) -> None:
    """Nor is a declaration whose name happens to begin so."""
    assert parse(REGION | {name: value}).warnings == ()
