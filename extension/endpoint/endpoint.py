"""The endpoint: responds to the requests of clients, from the store.

A read of a fresh value gets its response at once, on the loop; one that must wait is parked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from .. import assert_never
from ..cache.entry import Entry
from ..cache.pending_read import Entries, PendingRead
from ..cache.secret_store import SecretStore
from ..declared.declarations import Declarations
from ..http.loop import Timer
from ..http.messages import Response
from ..sources.source import Source
from .exchange import Exchange, Host, Timing
from .requests import aws_api, routes
from .responses import representation, secrets
from .responses.problem import Problem, Refused
from .responses.response_cache import ResponseCache
from .server.client_connection import Admit, Respond
from .step_queue import StepQueue

_AT_ONE_GO = 100  # sources that are looked up in one step; as many as whole batches have


class Endpoint:
    """Responds to requests.

    Args:
        declarations: the declared secrets.
        store: gives the values.
        host: gives the tokens and the status, and is told of reads and internal errors.
        timing: how time passes.
        declared_only: whether nothing but what is declared is served.

    Attributes:
        reads: how many reads there were.
    """

    __slots__ = (
        "_declarations",
        "_declared_only",
        "_host",
        "_responses",
        "_steps",
        "_store",
        "_timing",
        "reads",
    )

    def __init__(
        self,
        declarations: Declarations,
        store: SecretStore,
        host: Host,
        timing: Timing,
        *,
        declared_only: bool = False,
    ) -> None:
        self._declarations = declarations
        self._declared_only = declared_only
        self._store = store
        self._host = host
        self._timing = timing
        self._responses = ResponseCache()
        self._steps = StepQueue(timing.call_later)
        store.cache.on_change = self._responses.forget
        self.reads = 0

    def handle(self, head: bytes, respond: Respond, admit: Admit) -> None:
        """Respond to a request.

        Args:
            head: its head, without the empty line that ends it.
            respond: takes the response's bytes, now or later.
            admit: told that the head shows a token that is accepted; may raise `Refused`.
        """
        try:
            kept = self._responses.find(head, self._timing.clock())
            if kept is not None:
                admit()
                self.reads += 1
                respond(kept.data, kept.keep_alive)
                return
            query = routes.route(head, self._host.tokens)
            if query.authenticated:
                admit()
            keep_alive = query.keep_alive
            exchange = Exchange(head, respond, self._host, self._timing, keep_alive=keep_alive)
            self._dispatch(query, exchange)
        except Refused as refused:
            self.refuse(head, refused.problem, respond)
        except Exception as error:
            Exchange(head, respond, self._host, self._timing).fail(error)

    def refuse(self, head: bytes, problem: Problem, respond: Respond) -> None:
        """Answer a request, or as much as there is of one, with a problem."""
        Exchange(head, respond, self._host, self._timing).refuse(problem)

    def _dispatch(self, query: routes.Query, exchange: Exchange) -> None:
        match query:
            case routes.ReadSecret():
                self._read_secret(query, exchange)
            case aws_api.ReadSource():
                self._read_source(query, exchange)
            case routes.ReadAll():
                self._read_all(query, exchange)
            case routes.ReadStatus():
                self._read_status(query, exchange)
            case routes.Ping():
                exchange.send(_uncached("text/plain; charset=utf-8", b"healthy"))
            case never:
                assert_never(never)

    def _read_secret(self, query: routes.ReadSecret, exchange: Exchange) -> None:
        references = secrets.candidates(self._declarations, query.alias)
        if references:
            self.reads += 1

        def finish(entries: Entries) -> None:
            response = secrets.of_secret(query, self._declarations, entries, self._timing.clock())
            source = references[0].source if len(references) == 1 else None
            self._finish(query, response, source, entries, exchange)

        self._gather([each.source for each in references], query.refresh, finish, exchange)

    def _read_source(self, query: aws_api.ReadSource, exchange: Exchange) -> None:
        if self._declared_only and not self._declarations.allow(query.source):
            exchange.send(secrets.not_declared(query.source.name))
            return
        self.reads += 1
        cache, synonym = self._store.cache, query.source.synonym
        if synonym != query.source and not query.refresh and not cache.peek(query.source):
            held = cache.peek(synonym)
            if held is not None and not held.is_failure:
                query = replace(query, source=synonym)  # the very same value

        def finish(entries: Entries) -> None:
            response = secrets.of_source(query, entries[query.source], self._timing.clock())
            self._finish(query, response, query.source, entries, exchange)

        self._gather([query.source], query.refresh, finish, exchange)

    def _read_all(self, query: routes.ReadAll, exchange: Exchange) -> None:
        """Gather and tell in steps, as there may be thousands of secrets."""
        self.reads += 1
        sources = list(dict.fromkeys(each.source for each in self._declarations.all()))
        entries: dict[Source, Entry] = {}

        def finish(some: Entries) -> None:
            entries.update(some)
            if len(entries) == len(sources):
                self._steps.add(self._tell_all(query, entries, exchange))

        def gather() -> Iterator[None]:
            try:
                for first in range(0, max(1, len(sources)), _AT_ONE_GO):
                    if first:
                        yield
                    self._gather(sources[first : first + _AT_ONE_GO], False, finish, exchange)
            except Exception as error:
                exchange.fail(error)

        self._steps.add(gather())

    def _tell_all(
        self, query: routes.ReadAll, entries: Entries, exchange: Exchange
    ) -> Iterator[None]:
        try:
            exchange.send((yield from secrets.of_all(query, self._declarations, entries)))
        except Exception as error:
            exchange.fail(error)

    def _read_status(self, query: routes.ReadStatus, exchange: Exchange) -> None:
        def tell(report: str | Exception) -> None:
            try:
                if isinstance(report, Exception):
                    raise report
                exchange.send(_uncached("application/json", report.encode()))
            except Exception as error:
                exchange.fail(error)

        self._host.ask_status(tell, authenticated=query.authenticated)

    def _finish(
        self,
        query: routes.ReadSecret | aws_api.ReadSource,
        response: Response | Problem,
        source: Source | None,
        entries: Entries,
        exchange: Exchange,
    ) -> None:
        """Send a response, and keep it where it shows what is held for one source."""
        held = None if source is None else self._store.cache.peek(source)
        if isinstance(response, Response):
            if source is not None and held is None:
                response = representation.unstored(response)  # the cache is off
            response = representation.tagged(response, query.if_none_match, self._host.tag_key)
        data = exchange.send(response)
        if response.status != 200 or source is None or held is None or query.refresh:
            return
        if held is entries[source]:
            now = self._timing.clock()
            self._responses.keep(exchange.head, data, query.keep_alive, source, held, now)

    def _gather(
        self,
        sources: Iterable[Source],
        refresh: bool,
        finish: Callable[[Entries], None],
        exchange: Exchange,
    ) -> None:
        timers: list[Timer] = []

        def finished(entries: Entries) -> None:
            for timer in timers:
                timer.cancel()
            try:
                finish(entries)
            except Exception as error:  # of one client; others may wait for the same result
                exchange.fail(error)
            self._host.note_read()

        pending = PendingRead(self._store, sources, refresh=refresh)
        if not pending.missing:
            finished(pending.entries)
            return
        pending.finish = finished
        timing = self._timing
        budget = timing.stale_budget if pending.has_last_good else timing.budget
        timers.append(timing.call_later(budget, pending.give_up))


def _uncached(content_type: str, body: bytes) -> Response:
    headers = (("Content-Type", content_type), ("Cache-Control", "no-store"))
    return Response(200, headers, body)
