"""Lanes: for each route a fetcher and workers, so that none keeps another waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Set

from ..declared.settings import Settings
from ..sources.route import Route, route_of
from ..sources.source import Source
from .attempt import AttemptRunner
from .client.client import Client
from .client.clients import Clients
from .credentials.identities import Identities
from .fetcher import Fetcher
from .log import Log
from .workers import Workers

_MOST = 16  # lanes of routes that nobody has declared


class Lane:
    """What reads the sources of one route.

    Args:
        fetcher: decides what is asked, and when.
        workers: ask.
        runner_of: makes a runner of a client's attempts.
    """

    __slots__ = ("fetcher", "runner_of", "workers")

    def __init__(
        self, fetcher: Fetcher, workers: Workers, runner_of: Callable[[Client], AttemptRunner]
    ) -> None:
        self.fetcher = fetcher
        self.workers = workers
        self.runner_of = runner_of


class Lanes:
    """The lanes; each is made when it is first needed.

    Theory of operation: the routes of declared sources keep their lanes. Of the others, of which
    whoever has a token may name any number, the one that was not used for longest goes first: its
    threads end, and what it was asked for is still fetched.

    Args:
        settings: how many connections, how long an attempt.
        declared: the sources of the declared secrets.
        identities: give the credentials to sign with.
        clients: makes clients with them.
        log: where a missing permission is named.
        call_soon: has the loop's thread call something.
        random_fraction: gives random numbers from 0 to 1.
    """

    __slots__ = (
        "_call_soon",
        "_clients",
        "_declared",
        "_identities",
        "_lanes",
        "_log",
        "_others",
        "_random_fraction",
        "_settings",
    )

    def __init__(
        self,
        settings: Settings,
        declared: Set[Source],
        identities: Identities,
        clients: Clients,
        log: Log,
        call_soon: Callable[[Callable[[], None]], None],
        random_fraction: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._declared = declared
        self._identities = identities
        self._clients = clients
        self._log = log
        self._call_soon = call_soon
        self._random_fraction = random_fraction
        self._lanes: dict[Route, Lane] = {}
        self._others: dict[Route, Lane] = {}

    def of(self, source: Source) -> Lane:
        """The lane of a source's route."""
        route = route_of(source, self._settings.region)
        lane = self._lanes.get(route)
        if lane is None:
            lane = self._others.pop(route, None) or self._new(route)
            stays = source in self._declared or not (route.region or route.role)
            (self._lanes if stays else self._others)[route] = lane
            if len(self._others) > _MOST:
                self._others.pop(next(iter(self._others))).workers.end()
        return lane

    def _new(self, route: Route) -> Lane:
        settings, log = self._settings, self._log
        timeout = settings.services[route.service].timeout
        credentials = self._identities.provider_for(route.role)

        def runner_of(client: Client) -> AttemptRunner:
            return AttemptRunner(client, credentials, timeout, time.time, time.monotonic)

        return Lane(
            Fetcher(
                timeout,
                log,
                self._declared.__contains__,
                time.time,
                time.monotonic,
                self._random_fraction,
            ),
            Workers(
                settings.max_connections,
                lambda: runner_of(self._clients.client_for(route)),
                self._call_soon,
                log.internal_error,
            ),
            runner_of,
        )
