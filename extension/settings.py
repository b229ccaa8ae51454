"""Settings: the environment, read once into one typed value. Nobody else reads the environment.

Warmkey's own variable wins over that of AWS's Parameters and Secrets extension, which wins over
the default; an empty variable counts as unset. A bad `WARMKEY_*` value stops start-up; a bad
official one is a warning and the default, and one above its maximum works as it stands, because
functions that swap the layer must go on working.
https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
"""

from __future__ import annotations

from .address import Address, MalformedAddress, parse_url
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PREFIX = "WARMKEY_"
OFFICIAL = "PARAMETERS_SECRETS_EXTENSION_"
_SLIP = "PARAMETERS_AND_SECRETS_EXTENSION_"
LEVELS = ("debug", "info", "warn", "error", "none")
# Names that are read elsewhere: by the declarations, the head start and the exec wrapper.
_READ_ELSEWHERE = (
    "WARMKEY_PORT",
    "WARMKEY_STAGE",
    "WARMKEY_STAGES",
    "WARMKEY_CONFIG",
    "WARMKEY_TOKEN",
    "WARMKEY_TOKEN_FILE",
    "WARMKEY_REGISTERED_FD",
    "WARMKEY_NEXT_WRAPPER",
)


class SettingError(ValueError):
    """A setting is bad; the message gives the variable, its value, the range and the remedy."""


class Service(Value):
    """What holds for one AWS service.

    Attributes:
        name: its name in endpoints and signatures, `ssm` or `secretsmanager`.
        address: where it is.
        ttl: how long its values count as fresh, in seconds; 0 = every read goes upstream.
        timeout: how long one attempt may take, in seconds.
    """

    name: str
    address: Address
    ttl: int
    timeout: float


class Settings(Value):
    """Every setting of the daemon.

    Attributes:
        ssm: SSM Parameter Store.
        secretsmanager: Secrets Manager.
        region: the AWS region.
        ca_bundle: path of the certificates to trust for AWS, or None for the default.
        cache_size: entries kept beside the declared ones.
        max_connections: connections to each service.
        prefetch_timeout: how long prefetch may hold init open, in seconds.
        stale_if_error: how long past its TTL a value serves while upstream fails, in seconds.
        negative_ttl: how long a missing or denied name is remembered, in seconds.
        required: whether a declared secret that can't be had fails init.
        declared_only: whether the endpoint serves only declared secrets.
        log_level: one of `LEVELS`.
        tokens: the tokens in the environment that the endpoint accepts.
        token_file: path of a file with one more accepted token, or None.
        warnings: what to log about the environment, a sentence each.
    """

    SECRET = ("tokens",)

    ssm: Service
    secretsmanager: Service
    region: str
    ca_bundle: str | None
    cache_size: int
    max_connections: int
    prefetch_timeout: float
    stale_if_error: int
    negative_ttl: int
    required: bool
    declared_only: bool
    log_level: str
    tokens: tuple[str, ...]
    token_file: str | None
    warnings: tuple[str, ...]

    def service(self, name: str) -> Service:
        """What holds for `ssm` or `secretsmanager`."""
        return self.ssm if name == "ssm" else self.secretsmanager


def parse(environ: Mapping[str, str]) -> Settings:
    """Read every setting but the port, which is needed before the rest.

    Args:
        environ: the process's environment.

    Raises:
        SettingError: a `WARMKEY_*` variable is out of its range, or there is no region.
    """
    reader = _Reader(environ)
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    if not region:
        raise SettingError("AWS_REGION is not set; set it to the region of the secrets")
    enabled = reader.boolean("", OFFICIAL + "CACHE_ENABLED", default=True)
    size = reader.whole("WARMKEY_CACHE_SIZE", OFFICIAL + "CACHE_SIZE", 1000, 0, 10000)
    return Settings(
        ssm=_service(reader, "ssm", "SSM_PARAMETER_STORE", region),
        secretsmanager=_service(reader, "secretsmanager", "SECRETS_MANAGER", region),
        region=region,
        ca_bundle=environ.get("AWS_CA_BUNDLE") or None,
        cache_size=size if enabled else 0,
        max_connections=reader.whole(
            "WARMKEY_MAX_CONNECTIONS", OFFICIAL + "MAX_CONNECTIONS", 3, 1, 32
        ),
        prefetch_timeout=reader.whole("WARMKEY_PREFETCH_TIMEOUT_MILLIS", "", 5000, 100, 60000)
        / 1000,
        stale_if_error=reader.whole("WARMKEY_STALE_IF_ERROR", "", 3600, 0, 604800),
        negative_ttl=reader.whole("WARMKEY_NEGATIVE_TTL", "", 5, 0, 300),
        required=reader.boolean("WARMKEY_REQUIRED", "", default=False),
        declared_only=reader.choice("WARMKEY_ALLOW", "", "any", ("any", "declared")) == "declared",
        log_level=reader.choice("WARMKEY_LOG_LEVEL", OFFICIAL + "LOG_LEVEL", "info", LEVELS),
        tokens=tuple(
            environ[name]
            for name in ("AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "WARMKEY_TOKEN")
            if environ.get(name)
        ),
        token_file=environ.get("WARMKEY_TOKEN_FILE") or None,
        warnings=(*reader.warnings, *_unknown(environ, (*reader.names, *_READ_ELSEWHERE))),
    )


def port(environ: Mapping[str, str]) -> int:
    """The endpoint's port.

    Raises:
        SettingError: `WARMKEY_PORT` is no port.
    """
    return _Reader(environ).whole("WARMKEY_PORT", OFFICIAL + "HTTP_PORT", 2773, 1, 65535)


def _service(reader: _Reader, name: str, official: str, region: str) -> Service:
    return Service(
        name=name,
        address=_address(reader.environ, name, region),
        ttl=reader.whole("WARMKEY_TTL", official + "_TTL", 300, 0, 604800),
        timeout=reader.whole(
            "WARMKEY_UPSTREAM_TIMEOUT_MILLIS", official + "_TIMEOUT_MILLIS", 2000, 50, 60000
        )
        / 1000,
    )


def _address(environ: Mapping[str, str], service: str, region: str) -> Address:
    """https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html."""
    for variable in (f"AWS_ENDPOINT_URL_{service.upper()}", "AWS_ENDPOINT_URL"):
        if url := environ.get(variable):
            try:
                address, target = parse_url(url)
            except MalformedAddress as error:
                raise SettingError(f"{variable}: {error}") from None
            if target != "/":
                raise SettingError(f"{variable} is {url!r}; it can't have a path: remove {target}")
            return address
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return Address(f"{service}.{region}.{suffix}", 443, secure=True)


class _Reader:
    """Reads single variables; collects warnings, and the names it was asked for."""

    __slots__ = ("environ", "names", "warnings")

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.names: list[str] = []
        self.warnings: list[str] = []

    def whole(self, own: str, official: str, default: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`; an official one may be above `high`."""
        name, text = self._pick(own, official)
        digits = text.isascii() and text.isdigit() and len(text) < 16
        above = name == official and official != OFFICIAL + "HTTP_PORT"
        if digits and low <= int(text) and (int(text) <= high or above):
            return int(text)
        self._complain(name, own, text, f"a whole number from {low} to {high}", str(default))
        return default

    def boolean(self, own: str, official: str, *, default: bool) -> bool:
        """`true` or `false`, in any case."""
        name, text = self._pick(own, official)
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        self._complain(name, own, text, "true or false", str(default).lower())
        return default

    def choice(self, own: str, official: str, default: str, allowed: tuple[str, ...]) -> str:
        """One of the words allowed, in any case."""
        name, text = self._pick(own, official)
        if text.lower() in allowed:
            return text.lower()
        self._complain(name, own, text, f"one of {', '.join(allowed)}", default)
        return default

    def _pick(self, own: str, official: str) -> tuple[str, str]:
        if own:
            self.names.append(own)
        name = own if self.environ.get(own) else official
        return name, self.environ.get(name, "").strip()

    def _complain(self, name: str, own: str, text: str, allowed: str, default: str) -> None:
        if text and name == own:
            raise SettingError(
                f"{name} is {text!r}; it must be {allowed}. "
                f"Mend it in the function's environment, or remove it for the default {default}"
            )
        if text:
            self.warnings.append(f"{name} is {text!r}, not {allowed}; the default {default} holds")


def _unknown(environ: Mapping[str, str], known: tuple[str, ...]) -> Iterator[str]:
    """A warning for each name that looks like a setting and is none."""
    for name, value in environ.items():
        if name.startswith(_SLIP):
            yield f"{name} is no setting; did you mean {OFFICIAL}{name.removeprefix(_SLIP)}?"
        elif name.startswith(PREFIX) and name not in known and not value.startswith("warmkey:"):
            from difflib import get_close_matches  # rare, so it may cost what it costs

            nearest = get_close_matches(name, known, n=1, cutoff=0)[0]
            yield f"{name} is no setting; did you mean {nearest}?"
