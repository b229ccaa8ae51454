"""Settings: the environment, read once into one typed value. Nobody else reads the environment.

Warmkey's own variable wins over that of AWS's Parameters and Secrets extension, which wins over
the default; an empty variable, or one of white space alone, counts as unset. A bad `WARMKEY_*`
value stops start-up. For a bad one of AWS's extension the default is used, with a warning, and one
above its maximum is accepted, because functions that swap the layer must keep working.
https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..http.address import Address
from ..sources.service import Service
from ..sources.services import SERVICES
from . import mistakes, proxy
from .credentials import is_external_id, session_name
from .environment.variables import AWS_PREFIX, SettingError, Variables, did_you_mean, unknown
from .proxy import ProxySettings
from .service_address import Endpoints, endpoints

TOKENS = ("AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "WARMKEY_TOKEN")
"""The variables that hold tokens which the endpoint accepts."""
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_LAMBDA_METADATA_TOKEN")

# Milliseconds. After a time-out Lambda repeats init within the function's own, which is 3 s unless
# somebody sets it; the first time it allows 10 s.
_HOLD = 2000
_HOLD_REQUIRED = 9000
LEVELS = ("debug", "info", "warn", "error", "none")
_DEFAULT_LEVEL = "info"
# Names that are read elsewhere: by the declarations, the head start and the exec wrapper.
_READ_ELSEWHERE = (
    "WARMKEY_STAGE",
    "WARMKEY_STAGES",
    "WARMKEY_CONFIG",
    "WARMKEY_SOCKET",
    "WARMKEY_TOKEN",
    "WARMKEY_TOKEN_FILE",
    "WARMKEY_REGISTERED_FD",
    "WARMKEY_BEGAN_AT",
    "WARMKEY_BOUND_AT",
    "WARMKEY_REGISTERING_AT",
    "WARMKEY_NEXT_WRAPPER",
)


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The settings of one AWS service.

    Attributes:
        name: its name in endpoints and signatures, such as `ssm`.
        address: its host and port.
        ttl: how long its values count as fresh, in seconds; 0 = every read goes upstream.
        timeout: how long one attempt may take, in seconds.
    """

    name: str
    address: Address
    ttl: int
    timeout: float


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the daemon.

    Attributes:
        services: those of each service, by its name.
        region: the AWS region.
        endpoints: where the services are.
        session_name: what CloudTrail calls those who use a role that is assumed here.
        external_id: what the trust policies of roles ask for; empty for nothing.
        proxies: the proxy through which AWS is reached, and who is reached without it.
        ca_bundle: path of the certificates to trust for AWS, or None for the default.
        cache_size: entries kept in addition to the declared ones.
        cache_bytes: how many bytes these have together at most.
        max_connections: connections to each service.
        prefetch_timeout: how long prefetch may hold init open, in seconds.
        stale_if_error: how long past its TTL a value serves while upstream fails, in seconds.
        negative_ttl: how long a missing or denied name is remembered, in seconds.
        required: whether a declared secret that can't be had fails init.
        declared_only: whether the endpoint serves only declared secrets.
        health_address: where a sidecar answers probes; None for nowhere.
        log_level: one of `LEVELS`.
        tokens: the tokens in the environment that the endpoint accepts.
        token_file: path of a file with one more accepted token, or None.
        value_warnings: what is wrong with variables that are not Warmkey's own, a sentence each.
        environ: what they were read from.
        known: the names of settings.
    """

    services: Mapping[str, ServiceSettings]
    region: str
    endpoints: Endpoints
    session_name: str
    external_id: str
    proxies: ProxySettings
    ca_bundle: str | None
    cache_size: int
    cache_bytes: int
    max_connections: int
    prefetch_timeout: float
    stale_if_error: int
    negative_ttl: int
    required: bool
    declared_only: bool
    health_address: Address | None
    log_level: str
    tokens: tuple[str, ...] = field(repr=False)
    token_file: str | None
    value_warnings: tuple[str, ...]
    environ: Mapping[str, str] = field(repr=False)
    known: tuple[str, ...]

    def address(self, service: str, region: str) -> Address:
        """Where a service is, in our own region or another one."""
        if region == self.region and service in self.services:
            return self.services[service].address
        return self.endpoints.address(service, region)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to log about the environment, a sentence each.

        Computed on demand, as a start has no time for it.
        """
        strange = unknown(self.environ, self.known)
        suggestions = (did_you_mean(name, self.known) for name in strange)
        return (*self.value_warnings, *mistakes.of(self.environ), *suggestions)


def parse(environ: Mapping[str, str]) -> Settings:
    """Read every setting; the port, which is needed before the rest, is only checked.

    Args:
        environ: the process's environment.

    Raises:
        SettingError: a `WARMKEY_*` variable is out of its range, or there is no region.
    """
    variables = Variables(environ)
    _port(variables)  # read earlier; here for the warnings
    _path_names(variables)  # read by the exec wrapper; a bad one is told here, too
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    if not region:
        raise SettingError("AWS_REGION is not set; set it to the region of the secrets")
    required = variables.boolean("WARMKEY_REQUIRED", "", default=False)
    enabled = variables.boolean("", AWS_PREFIX + "CACHE_ENABLED", default=True)
    chosen = bool(environ.get("WARMKEY_CACHE_SIZE", "").strip())
    size = variables.integer("WARMKEY_CACHE_SIZE", AWS_PREFIX + "CACHE_SIZE", 1000, 0, 10000)
    found = endpoints(variables)
    return Settings(
        services={
            name: _service(variables, each, found.address(name, region))
            for name, each in SERVICES.items()
        },
        region=region,
        endpoints=found,
        session_name=session_name(environ),
        external_id=variables.text(
            "WARMKEY_EXTERNAL_ID", is_external_id, "2 to 1224 letters, digits and =,.@:/-+_"
        ),
        proxies=proxy.read(variables),
        ca_bundle=environ.get("AWS_CA_BUNDLE") or None,
        cache_size=size if enabled or chosen else 0,
        cache_bytes=variables.integer("WARMKEY_CACHE_BYTES", "", 16 * 1024**2, 0, 1024**3),
        max_connections=variables.integer(
            "WARMKEY_MAX_CONNECTIONS", AWS_PREFIX + "MAX_CONNECTIONS", 3, 1, 32
        ),
        prefetch_timeout=variables.integer(
            "WARMKEY_PREFETCH_TIMEOUT_MILLIS", "", _HOLD_REQUIRED if required else _HOLD, 100, 60000
        )
        / 1000,
        stale_if_error=variables.integer("WARMKEY_STALE_IF_ERROR", "", 3600, 0, 604800),
        negative_ttl=variables.integer("WARMKEY_NEGATIVE_TTL", "", 5, 0, 300),
        required=required,
        declared_only=variables.choice("WARMKEY_ALLOW", "", "any", ("any", "declared"))
        == "declared",
        health_address=variables.ip_address("WARMKEY_HEALTH_ADDRESS"),
        log_level=_log_level(variables),
        tokens=tuple(token for name in TOKENS if (token := environ.get(name, "").strip())),
        token_file=environ.get("WARMKEY_TOKEN_FILE") or None,
        value_warnings=tuple(variables.warnings),
        environ=environ,
        known=(*variables.names, *_READ_ELSEWHERE),
    )


def secrets_in(environ: Mapping[str, str]) -> list[str]:
    """The tokens and keys in an environment, which no text may hold."""
    return [environ[name] for name in (*TOKENS, *_KEYS) if environ.get(name)]


def log_level(environ: Mapping[str, str]) -> str:
    """The level to log at, even what is wrong with the settings; the default if it is none."""
    try:
        return _log_level(Variables(environ))
    except SettingError:
        return _DEFAULT_LEVEL


def path_names(environ: Mapping[str, str]) -> str:
    """How the exec wrapper names the variables of a path's parameters: `alias` or `env`.

    Raises:
        SettingError: `WARMKEY_PATH_NAMES` is neither.
    """
    return _path_names(Variables(environ))


def _path_names(variables: Variables) -> str:
    return variables.choice("WARMKEY_PATH_NAMES", "", "alias", ("alias", "env"))


def port(environ: Mapping[str, str]) -> int:
    """The endpoint's port.

    Raises:
        SettingError: `WARMKEY_PORT` is not a port.
    """
    return _port(Variables(environ))


def _log_level(variables: Variables) -> str:
    return variables.choice("WARMKEY_LOG_LEVEL", AWS_PREFIX + "LOG_LEVEL", _DEFAULT_LEVEL, LEVELS)


def _port(variables: Variables) -> int:
    return variables.integer("WARMKEY_PORT", AWS_PREFIX + "HTTP_PORT", 2773, 1, 65535)


def _service(variables: Variables, service: Service, address: Address) -> ServiceSettings:
    timeout = service.variables + "_TIMEOUT_MILLIS"
    if variables.environ.get(timeout, "").strip() == "0":  # AWS's default, which means no limit
        timeout = ""
    return ServiceSettings(
        name=service.name,
        address=address,
        ttl=variables.integer("WARMKEY_TTL", service.variables + "_TTL", 300, 0, 604800),
        timeout=variables.integer("WARMKEY_UPSTREAM_TIMEOUT_MILLIS", timeout, 2000, 50, 60000)
        / 1000,
    )
