"""The endpoint: answers the queries that readers make, from the supply.

A read of a fresh value is answered at once, on the loop; one that must wait is parked.
"""

from __future__ import annotations

from . import problem, representation, routes
from .gathering import Gathering
from .http1 import END_OF_HEAD, Response, build_response
from .json_field import extract
from .json_text import encode
from .kept_answers import KeptAnswers
from .outcome import Failed, Found
from .problem import Problem, Refused
from .value import assert_never

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .cache import Answer
    from .gathering import Answers
    from .loop import Timer
    from .reader import Reply
    from .reference import Reference
    from .supply import Supply


_FAULT = Problem(500, "fault", "a fault in Warmkey itself; its log says where")


class Endpoint:
    """Answers requests.

    Args:
        references: the declared secrets, by alias.
        supply: gives the values.
        tokens: gives the tokens that are accepted now.
        status: gives what the daemon says of itself.
        on_fault: told of a fault of our own.
        budget: how long a read may wait, in seconds.
        call_later: calls something after some seconds.
        clock: the time, in seconds since the epoch.
    """

    __slots__ = (
        "_budget",
        "_call_later",
        "_clock",
        "_kept",
        "_on_fault",
        "_references",
        "_status",
        "_supply",
        "_tokens",
        "reads",
    )

    def __init__(
        self,
        references: Mapping[str, Reference],
        supply: Supply,
        tokens: Callable[[], Iterable[str]],
        status: Callable[[], Mapping[str, object]],
        on_fault: Callable[[Exception], None],
        budget: float,
        call_later: Callable[[float, Callable[[], None]], Timer],
        clock: Callable[[], float],
    ) -> None:
        self._references = references
        self._supply = supply
        self._tokens = tokens
        self._status = status
        self._on_fault = on_fault
        self._budget = budget
        self._call_later = call_later
        self._clock = clock
        self._kept = KeptAnswers()
        self.reads = 0

    def answer(self, head: bytes, reply: Reply) -> None:
        """Answer a request.

        Args:
            head: its head, without the empty line that ends it.
            reply: takes the answer's bytes, now or later.
        """
        kept = self._kept.find(head, self._clock(), self._supply.generation)
        if kept is not None:
            self.reads += 1
            reply(kept.data, kept.keep_alive)
            return
        try:
            query = routes.route(head, self._tokens)
            self._dispatch(query, head, reply)
        except Refused as refused:
            # What follows such a request may be anything, so nothing more is read of it.
            data = build_response(_closing(problem.response(refused.problem), keep_alive=False))
            if head.startswith(b"HEAD "):  # whose answer has no body (RFC 9110 §9.3.2)
                data = data[: data.index(END_OF_HEAD) + len(END_OF_HEAD)]
            reply(data, False)
        except Exception as error:
            self._fail(error, reply)

    def _dispatch(self, query: routes.Query, head: bytes, reply: Reply) -> None:
        match query:
            case routes.ReadSecret():
                self._read_secret(query, head, reply)
            case routes.ReadAll():
                self._read_all(query, reply)
            case routes.ReadStatus():
                body = encode(self._status()).encode()
                _send(_uncached("application/json", body), reply, query.keep_alive)
            case routes.Ping():
                _send(_uncached("text/plain; charset=utf-8", b"healthy"), reply, query.keep_alive)
            case never:
                assert_never(never)

    def _read_secret(self, query: routes.ReadSecret, head: bytes, reply: Reply) -> None:
        reference = self._references.get(query.alias)
        if reference is None:
            response = problem.response(self._no_such_alias(query.alias))
            _send(response, reply, query.keep_alive)
            return
        self.reads += 1

        def finish(answers: Answers) -> None:
            answer = answers[reference.source]
            response = self._secret_response(query, reference, answer)
            data = build_response(_closing(response, query.keep_alive))
            if response.status == 200 and not query.refresh:
                now, generation = self._clock(), self._supply.generation
                self._kept.keep(head, data, query.keep_alive, answer, now, generation)
            reply(data, query.keep_alive)

        self._gather([reference], query.refresh, finish, reply)

    def _read_all(self, query: routes.ReadAll, reply: Reply) -> None:
        self.reads += 1

        def finish(answers: Answers) -> None:
            _send(self._all_response(query, answers), reply, query.keep_alive)

        self._gather(self._references.values(), False, finish, reply)

    def _gather(
        self,
        references: Iterable[Reference],
        refresh: bool,
        finish: Callable[[Answers], None],
        reply: Reply,
    ) -> None:
        timers: list[Timer] = []

        def finished(answers: Answers) -> None:
            for timer in timers:
                timer.cancel()
            try:
                finish(answers)
            except Exception as error:  # of one reader; others may wait for the same delivery
                self._fail(error, reply)

        sources = [reference.source for reference in references]
        gathering = Gathering(self._supply, sources, refresh=refresh, finish=finished)
        if not gathering.finished:
            timers.append(self._call_later(self._budget, gathering.give_up))

    def _fail(self, fault: Exception, reply: Reply) -> None:
        self._on_fault(fault)
        _send(problem.response(_FAULT), reply, keep_alive=False)

    def _secret_response(
        self, query: routes.ReadSecret, reference: Reference, answer: Answer
    ) -> Response:
        secret = _secret(query.alias, reference, answer)
        match secret:
            case Problem():
                return problem.response(secret)
            case _ if query.as_json:
                return representation.as_json(secret, self._clock())
        return representation.bare(secret, query.if_none_match, self._clock())

    def _all_response(self, query: routes.ReadAll, answers: Answers) -> Response:
        values: dict[str, str | bytes] = {}
        for alias, reference in self._references.items():
            secret = _secret(alias, reference, answers[reference.source])
            if isinstance(secret, Problem):
                return problem.response(secret)
            values[alias] = secret.value
        if query.form == "json":
            return representation.all_as_json(values)
        prefix = "export " if query.form == "shell" else ""
        return representation.all_as_shell(values, prefix)

    def _no_such_alias(self, alias: str) -> Problem:
        declared = ", ".join(self._references) or "none"
        detail = f"no secret is declared as {alias[:64]!r}; declared here: {declared}"
        hint = "declare it in warmkey.json, or as a variable whose value is warmkey:REFERENCE"
        return Problem(404, "alias", detail, hint)


def _secret(alias: str, reference: Reference, answer: Answer) -> representation.Secret | Problem:
    match answer.outcome:
        case Failed() as failed:
            return problem.of_failure(failed, alias)
        case Found() as found:
            value = extract(found, reference.field)
    if isinstance(value, Failed):
        return problem.of_failure(value, alias)
    return representation.Secret(
        alias, value, found, answer.state, answer.fetched_at, answer.expires_at
    )


def _send(response: Response, reply: Reply, keep_alive: bool) -> None:
    reply(build_response(_closing(response, keep_alive)), keep_alive)


def _closing(response: Response, keep_alive: bool) -> Response:
    if keep_alive:
        return response
    headers = (*response.headers, ("Connection", "close"))
    return Response(response.status, headers, response.body)


def _uncached(content_type: str, body: bytes) -> Response:
    headers = (("Content-Type", content_type), ("Cache-Control", "no-store"))
    return Response(200, headers, body)
