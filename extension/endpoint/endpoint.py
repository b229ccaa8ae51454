"""The endpoint: answers the queries that readers make, from the store.

A read of a fresh value is answered at once, on the loop; one that must wait is parked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from .. import assert_never
from ..cache.cache import Entry
from ..cache.pending_read import Entries, PendingRead
from ..cache.secret_store import SecretStore
from ..declared.declarations import Declarations
from ..http.dates import http_date
from ..http.failure import Failed
from ..http.loop import Timer
from ..http.messages import END_OF_HEAD, Response, build_response
from ..sources.secretsmanager import Secret
from ..sources.source import Source
from . import aws_api, problem, responses, routes
from .client_connection import Admit, Reply
from .problem import Problem, Refused
from .response_cache import ResponseCache
from .status_queue import Asker

_FAULT = Problem(500, "fault", "an internal error in Warmkey; its log says where")


class Endpoint:
    """Answers requests.

    Args:
        declarations: the declared secrets.
        declared_only: whether nothing else is served.
        store: gives the values.
        tokens: gives the tokens that are accepted now.
        status: tells what the daemon says of itself; see `StatusQueue.ask`.
        on_read: told of each read that was answered, but for those that need no look at the store.
        on_fault: told of a fault of our own.
        budget: how long a read may wait, in seconds.
        call_later: calls something after some seconds.
        clock: the time, in seconds since the epoch.
    """

    __slots__ = (
        "_budget",
        "_call_later",
        "_clock",
        "_declarations",
        "_declared_only",
        "_on_fault",
        "_on_read",
        "_responses",
        "_status",
        "_store",
        "_tokens",
        "reads",
    )

    def __init__(
        self,
        declarations: Declarations,
        declared_only: bool,
        store: SecretStore,
        tokens: Callable[[], Iterable[str]],
        status: Callable[[Asker], None],
        on_read: Callable[[], None],
        on_fault: Callable[[Exception], None],
        budget: float,
        call_later: Callable[[float, Callable[[], None]], Timer],
        clock: Callable[[], float],
    ) -> None:
        self._declarations = declarations
        self._declared_only = declared_only
        self._store = store
        self._tokens = tokens
        self._status = status
        self._on_read = on_read
        self._on_fault = on_fault
        self._budget = budget
        self._call_later = call_later
        self._clock = clock
        self._responses = ResponseCache()
        store.cache.on_change = self._responses.forget
        self.reads = 0

    def answer(self, head: bytes, reply: Reply, admit: Admit) -> None:
        """Answer a request.

        Args:
            head: its head, without the empty line that ends it.
            reply: takes the answer's bytes, now or later.
            admit: told that the head shows a token that is accepted; may raise `Refused`.
        """
        try:
            kept = self._responses.find(head, self._clock())
            if kept is not None:
                admit()
                self.reads += 1
                reply(kept.data, kept.keep_alive)
                return
            query = routes.route(head, self._tokens)
            if query.authenticated:
                admit()
            self._dispatch(query, head, reply)
        except Refused as refused:
            # What follows such a request may be anything, so nothing more is read of it.
            data = self._build(problem.response(refused.problem), keep_alive=False)
            if head.startswith(b"HEAD "):  # whose answer has no body (RFC 9110 §9.3.2)
                data = data[: data.index(END_OF_HEAD) + len(END_OF_HEAD)]
            reply(data, False)
        except Exception as error:
            self._fail(error, reply)

    def _dispatch(self, query: routes.Query, head: bytes, reply: Reply) -> None:
        match query:
            case routes.ReadSecret():
                self._read_secret(query, head, reply)
            case aws_api.ReadSource():
                self._read_source(query, head, reply)
            case routes.ReadAll():
                self._read_all(query, reply)
            case routes.ReadStatus():
                self._read_status(query, reply)
            case routes.Ping():
                healthy = _uncached("text/plain; charset=utf-8", b"healthy")
                self._send(healthy, reply, query.keep_alive)
            case never:
                assert_never(never)

    def _read_secret(self, query: routes.ReadSecret, head: bytes, reply: Reply) -> None:
        references = responses.candidates(self._declarations, query.alias)
        if references:
            self.reads += 1

        def finish(answers: Entries) -> None:
            response = responses.of_secret(query, self._declarations, answers, self._clock())
            source = references[0].source if len(references) == 1 else None
            self._finish(query, head, response, source, answers, reply)

        self._gather([each.source for each in references], query.refresh, finish, reply)

    def _read_source(self, query: aws_api.ReadSource, head: bytes, reply: Reply) -> None:
        if self._declared_only and not self._declarations.allow(query.source):
            response = problem.response(responses.not_declared(query.source.name))
            self._send(response, reply, query.keep_alive)
            return
        self.reads += 1
        cache, synonym = self._store.cache, query.source.synonym
        held = not query.refresh and _is_value(cache.peek(synonym))
        if isinstance(synonym, Secret) and held and not cache.peek(query.source):
            query = replace(query, source=synonym)  # the very same value

        def finish(answers: Entries) -> None:
            response = responses.of_source(query, answers[query.source], self._clock())
            self._finish(query, head, response, query.source, answers, reply)

        self._gather([query.source], query.refresh, finish, reply)

    def _read_all(self, query: routes.ReadAll, reply: Reply) -> None:
        self.reads += 1

        def finish(answers: Entries) -> None:
            response = responses.of_all(query, self._declarations, answers)
            self._send(response, reply, query.keep_alive)

        self._gather([each.source for each in self._declarations.all()], False, finish, reply)

    def _read_status(self, query: routes.ReadStatus, reply: Reply) -> None:
        def tell(report: str | Exception) -> None:
            try:
                if isinstance(report, Exception):
                    raise report
                response = _uncached("application/json", report.encode())
                self._send(response, reply, query.keep_alive)
            except Exception as error:
                self._fail(error, reply)

        self._status(tell)

    def _finish(
        self,
        query: routes.ReadSecret | aws_api.ReadSource,
        head: bytes,
        response: Response,
        source: Source | None,
        answers: Entries,
        reply: Reply,
    ) -> None:
        """Send a response, and keep it where it shows what is held for one source."""
        data = self._build(response, query.keep_alive)
        if response.status == 200 and source is not None and not query.refresh:
            answer = answers[source]
            if self._store.cache.peek(source) is answer:
                self._responses.keep(head, data, query.keep_alive, source, answer, self._clock())
        reply(data, query.keep_alive)

    def _gather(
        self,
        sources: Iterable[Source],
        refresh: bool,
        finish: Callable[[Entries], None],
        reply: Reply,
    ) -> None:
        timers: list[Timer] = []

        def finished(answers: Entries) -> None:
            for timer in timers:
                timer.cancel()
            try:
                finish(answers)
            except Exception as error:  # of one reader; others may wait for the same result
                self._fail(error, reply)
            self._on_read()

        pending = PendingRead(self._store, sources, refresh=refresh, finish=finished)
        if not pending.finished:
            timers.append(self._call_later(self._budget, pending.give_up))

    def _fail(self, fault: Exception, reply: Reply) -> None:
        try:
            self._on_fault(fault)
            data = self._build(problem.response(_FAULT), keep_alive=False)
        except MemoryError:
            data = b""  # the connection's end is all that there is memory to say
        reply(data, False)

    def _send(self, response: Response, reply: Reply, keep_alive: bool) -> None:
        reply(self._build(response, keep_alive), keep_alive)

    def _build(self, response: Response, keep_alive: bool) -> bytes:
        """The bytes of a response; an HTTP/1.0 client has to be told that it may go on."""
        connection = ("Connection", "keep-alive" if keep_alive else "close")
        headers = (("Date", http_date(self._clock())), *response.headers, connection)
        return build_response(Response(response.status, headers, response.body))


def _is_value(entry: Entry | None) -> bool:
    return entry is not None and not isinstance(entry.outcome, Failed)


def _uncached(content_type: str, body: bytes) -> Response:
    headers = (("Content-Type", content_type), ("Cache-Control", "no-store"))
    return Response(200, headers, body)
