"""The beginning of a cold start: everything up to the first request upstream.

Rapid starts the runtime once we have registered, so registering comes first, right after the port
is bound.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping

from ...aws import prefetch
from ...aws.client.clients import Clients
from ...aws.client.connections import Connections
from ...aws.credentials.identities import Identities
from ...aws.credentials.provider import CredentialSource
from ...aws.prefetch import Prefetch
from ...declared import settings
from ...declared.credentials import located
from ...declared.declarations import DeclarationError, Declarations, declared
from ...declared.environment import process
from ...declared.environment.process import Process
from ...declared.environment.variables import SettingError
from ...declared.files import text_file
from ...declared.settings import Settings
from ...endpoint.server import listener, unix_socket
from ...http.address import MalformedAddress, parse_host_port
from .. import local_file
from ..extensions_api.client import LambdaApiError, Registration
from ..log.log import Log
from ..randomness import random_fraction
from .phases import Phases

# Where sending takes longer, workers go on with it, and clients are heard meanwhile.
_HEAD_START = 0.25  # seconds


class Start:
    """What was begun. After a failure, the attributes of the steps that were not reached are unset.

    Attributes:
        process: what the environment says of the process itself.
        phases: when each step was over.
        failure: what failed first, or None.
        log: the log.
        listener: the endpoint's socket.
        registration: the registration under way.
        secrets: the tokens and keys in the environment.
        settings: the settings.
        declarations: the declared secrets.
        identities: whoever runs here, and those credentials.
        clients: makes clients with them.
        prefetch: the calls under way.
        local: the file to serve from instead of AWS; empty for AWS.
        source: gives the credentials; None for where the environment says that they are.
    """

    __slots__ = (
        "clients",
        "declarations",
        "failure",
        "identities",
        "listener",
        "local",
        "log",
        "phases",
        "prefetch",
        "process",
        "registration",
        "secrets",
        "settings",
        "source",
    )

    listener: socket.socket
    settings: Settings
    declarations: Declarations
    identities: Identities
    clients: Clients
    prefetch: Prefetch

    def __init__(self, local: str, started: Process, log_level: str) -> None:
        self.local = local
        self.process = started
        self.log = Log(log_level)
        trace = self.log.debug if log_level == "debug" else None
        self.phases = Phases(time.monotonic, time.time(), trace)
        self.failure: Exception | None = None
        self.secrets: list[str] = []
        self.registration: Registration | None = None
        self.source: CredentialSource | None = None


def begin(
    environ: Mapping[str, str],
    name: str | None,
    local: str = "",
    source: CredentialSource | None = None,
) -> Start:
    """Begin: bind, register, send.

    Raises nothing: an extension reports a failure once the registration is answered, a sidecar at
    once.

    Args:
        environ: the process's environment.
        name: the extension's name, which is its executable's file name; None outside Lambda.
        local: the file to serve from instead of AWS; empty for AWS.
        source: gives the credentials; None for where the environment says that they are.
    """
    start = Start(local, process.read(environ), settings.log_level(environ))
    start.source = source
    start.phases.resume_from_launcher(start.process.moments)
    start.secrets = settings.secrets_in(environ)
    start.phases.mark("loaded")
    for step in (_bind, _register, _configure, _send):
        if start.failure is not None and step is not _register:
            break  # but register even without a port, in order to report why
        try:
            step(start, environ, name)
        except Exception as error:
            start.failure = start.failure or error
    return start


def _bind(start: Start, environ: Mapping[str, str], name: str | None) -> None:
    path, inherited = start.process.socket, listener.inherited(start.process)
    if path and (name is not None or inherited):
        reason = "LISTEN_FDS hands over another socket" if name is None else "this is Lambda"
        raise SettingError(
            f"WARMKEY_SOCKET is {path!r}, but {reason}: remove it. It is for `warmkey serve`, "
            "which then listens there instead of on the port"
        )
    if path:
        start.listener = unix_socket.listen(path)
    else:
        start.listener = inherited or listener.listen(settings.port(environ))
    start.phases.mark("bound")


def _register(start: Start, _environ: Mapping[str, str], name: str | None) -> None:
    if name is None:
        return
    api = start.process.runtime_api
    remedy = "Lambda sets it; outside Lambda, run `warmkey serve`"
    if not api:
        raise LambdaApiError(f"AWS_LAMBDA_RUNTIME_API is not set; {remedy}")
    try:
        registration = Registration(parse_host_port(api), name)
    except MalformedAddress as error:
        raise LambdaApiError(f"AWS_LAMBDA_RUNTIME_API: {error}; {remedy}") from None
    if not registration.resume_from(start.process.registered):
        registration.send()
    start.registration = registration
    start.phases.mark("registering")


def _configure(start: Start, environ: Mapping[str, str], name: str | None) -> None:
    if start.local:
        environ = process.on_laptop(environ)
    start.settings = settings.parse(environ)
    if start.settings.health_address and name is not None:
        raise SettingError(
            "WARMKEY_HEALTH_ADDRESS is set, but this is Lambda, where nobody probes: remove it. It "
            "is for `warmkey serve`"
        )
    start.declarations = declarations(environ, start.local)
    connections = Connections(start.settings.ca_bundle, start.settings.proxies)
    note_call = start.phases.call
    start.identities = Identities(
        start.source or located(environ),
        start.settings,
        connections,
        note_call,
        time.time,
        random_fraction,
    )
    start.clients = Clients(
        start.settings, start.identities.provider_for, connections, note_call, time.time
    )


def declarations(environ: Mapping[str, str], local: str = "") -> Declarations:
    """The secrets declared in the environment, in `warmkey.json` and in a local file.

    Args:
        environ: the process's environment.
        local: the file to serve from instead of AWS; empty for AWS.

    Raises:
        DeclarationError, stages.StageError: something in them is malformed or unknown.
    """
    started = process.read(environ)
    found = declared(environ, _config(started), started.config)
    if not local:
        return found
    return local_file.declared(found, local)


def _config(started: Process) -> str | None:
    path = started.config
    try:
        return text_file.read(path)
    except FileNotFoundError:
        if started.config_is_named:
            raise DeclarationError(f"WARMKEY_CONFIG names {path}, which does not exist") from None
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = text_file.why_unreadable(error)
        raise DeclarationError(f"{path} can't be read: {reason}") from None


def _send(start: Start, _environ: Mapping[str, str], _name: str | None) -> None:
    # Under SnapStart the snapshot would contain what is prefetched: there, reads fetch.
    connections = start.settings.max_connections
    sources = (
        [] if start.process.is_snapshot else [each.source for each in start.declarations.all()]
    )
    jobs = prefetch.plan(sources, connections, start.settings.region)
    if start.local:
        start.prefetch = prefetch.Prefetch([], jobs)
        return
    start.prefetch = prefetch.begin(
        jobs,
        connections,
        start.clients,
        start.identities,
        time.monotonic() + min(_HEAD_START, start.settings.prefetch_timeout),
    )
    start.phases.mark("sent")
