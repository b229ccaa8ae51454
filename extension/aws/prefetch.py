"""Prefetch: the calls that read every declared secret, sent before anything else is done."""

from __future__ import annotations

from collections.abc import Iterable

from ..http.client.channel import advance
from ..sources.calls import Call
from ..sources.route import Route, route_of
from ..sources.service import Job
from ..sources.services import SERVICES
from ..sources.source import Source
from .client.client import Client
from .client.clients import Clients
from .credentials.identities import Identities


def plan(sources: Iterable[Source], connections: int, region: str = "") -> list[Job]:
    """Divide sources into jobs, as their services do; what is declared twice is read once.

    Args:
        sources: what to read.
        connections: how many connections each route may have.
        region: our own region; what is named by an ARN is read with what is named by its name.
    """
    groups: dict[str, dict[Route, list[Source]]] = {name: {} for name in SERVICES}
    for source in dict.fromkeys(sources):
        group = groups[source.service].setdefault(route_of(source, region), [])
        group.append(source)
    return [
        job
        for name, routes in groups.items()
        for group in routes.values()
        for job in SERVICES[name].plan(group, connections)
    ]


def first_call(job: Job) -> Call:
    """The call that a job begins with."""
    first = job[0]
    return first.call() if len(job) == 1 else SERVICES[first.service].batch_call(job)


class Prefetch:
    """Jobs whose calls are under way, and jobs that wait for a worker.

    Attributes:
        started: jobs, each with the client that has sent its first call, or has tried.
        waiting: the other jobs.
    """

    __slots__ = ("started", "waiting")

    def __init__(self, started: list[tuple[Job, Client]], waiting: list[Job]) -> None:
        self.started = started
        self.waiting = waiting


def begin(
    jobs: Iterable[Job],
    connections: int,
    clients: Clients,
    identities: Identities,
    deadline: float,
) -> Prefetch:
    """Send the first calls, side by side over connections of their own.

    What fails here is not reported: the worker that takes the job over does it again. And what is
    not sent by the deadline, it sends.

    Args:
        jobs: what to read.
        connections: how many connections each route may have.
        clients: makes the clients.
        identities: whose credentials may have to be asked for.
        deadline: the latest moment, in seconds of `time.monotonic`.
    """
    prefetch = Prefetch([], [])
    used: dict[Route, int] = {}
    for job in jobs:
        route = clients.route_of(job[0])
        if used.setdefault(route, 0) < connections:
            used[route] += 1
            prefetch.started.append((job, clients.client_for(route)))
        else:
            prefetch.waiting.append(job)
    sending = [(begun, begun.sending(first_call(job), deadline)) for job, begun in prefetch.started]
    if sending:
        sending += identities.begin(deadline)
    results = advance([steps for _, steps in sending], deadline)
    for result, (begun, _) in zip(results, sending, strict=True):
        if isinstance(result, Exception):
            begun.reset()
        elif result is not None:
            begun.defer(result)
    return prefetch
