"""Upstream: everything between the loop, which asks for sources, and the AWS services."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from ..declared.settings import Settings
from ..sources.outcome import Outcome
from ..sources.source import Job, Source
from .client import Client, Clients
from .credentials import CredentialProvider
from .fetcher import BRIEF, PATIENT, Fetcher
from .log import Log
from .prefetch import Prefetch, plan
from .workers import Workers


class Upstream:
    """Fetches sources on worker threads.

    Args:
        settings: how many connections, how long an attempt.
        credentials: gives the credentials to sign with.
        clients: makes clients with them.
        log: where a missing permission is named.
        call_soon: has the loop's thread call something.
        deliver: takes what was fetched, on the loop's thread.

    Attributes:
        counters: the calls made, and those that failed.
    """

    __slots__ = ("_clients", "_credentials", "_log", "_settings", "_workers", "counters")

    def __init__(
        self,
        settings: Settings,
        credentials: CredentialProvider,
        clients: Clients,
        log: Log,
        call_soon: Callable[[Callable[[], None]], None],
        deliver: Callable[[Mapping[Source, Outcome]], None],
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._clients = clients
        self._log = log
        self.counters = {"upstreamCalls": 0, "upstreamErrors": 0}
        self._workers = {
            service: self._make_workers(service, call_soon, deliver)
            for service in settings.services
        }

    def take_over(self, prefetch: Prefetch) -> None:
        """Finish the calls that prefetch has sent, and make those that it has not."""
        for job, client in prefetch.started:
            service = job[0].service
            self._workers[service].adopt(self._fetcher(service, client), job, PATIENT)
        self._submit(prefetch.waiting, PATIENT)

    def fetch(self, sources: Iterable[Source], patient: bool) -> None:
        """Fetch sources, in the fewest calls; patiently, or with one attempt's time for all."""
        jobs = plan(sources, self._settings.max_connections)
        self._submit(jobs, PATIENT if patient else BRIEF)

    def _submit(self, jobs: Iterable[Job], patience: int) -> None:
        for job in jobs:
            self._workers[job[0].service].submit(job, patience)

    def _make_workers(
        self,
        service: str,
        call_soon: Callable[[Callable[[], None]], None],
        deliver: Callable[[Mapping[Source, Outcome]], None],
    ) -> Workers:
        return Workers(
            self._settings.max_connections,
            lambda: self._fetcher(service, self._clients.client_for(service)),
            call_soon,
            deliver,
            self._log.fault,
        )

    def _fetcher(self, service: str, client: Client) -> Fetcher:
        timeout = self._settings.services[service].timeout
        return Fetcher(client, self._credentials, timeout, self._log, self._count, time.time)

    def _count(self, counter: str) -> None:
        self.counters[counter] += 1
