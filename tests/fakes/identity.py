"""Who runs here, in tests that make calls in their own process."""

import time
from collections.abc import Callable, Mapping

from extension.aws.client.clients import Clients
from extension.aws.client.connections import Connections
from extension.aws.credentials.identities import Identities
from extension.declared.credentials import located
from extension.declared.settings import parse
from extension.run.start.phases import Phases
from tests.fakes.trace import untraced

Clock = Callable[[], float]


def never() -> float:
    """The least that chance gives."""
    return 0.0


def identities(
    environ: Mapping[str, str], clock: Clock = time.time, chance: Clock = never
) -> Identities:
    """Those of an environment.

    Args:
        environ: Its variables; the region may be missing.
        clock: The time, in seconds since the epoch.
        chance: Gives random numbers from 0 to 1.
    """
    settings = parse({"AWS_REGION": "eu-west-1", **environ})
    note_call = Phases(clock, clock(), untraced).call
    connections = Connections(settings.ca_bundle, settings.proxies)
    return Identities(located(environ), settings, connections, note_call, clock, chance)


def clients(environ: Mapping[str, str], clock: Clock = time.time) -> Clients:
    """Clients that sign with an environment's credentials; see `identities`."""
    settings = parse(environ)
    note_call = Phases(clock, clock(), untraced).call
    connections = Connections(settings.ca_bundle, settings.proxies)
    return Clients(settings, identities(environ, clock).provider_for, connections, note_call, clock)
