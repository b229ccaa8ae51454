"""The endpoint's host: what the endpoint is given by the daemon, and tells it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ..cache.cache import Cache
from ..endpoint.status import status
from ..endpoint.status.queue import Asker, StatusQueue
from ..endpoint.status.status import Report
from ..http.scrubber import Scrubber
from ..sources.responses.outcome import Outcome
from .known_secrets import HeldValues, ReplacedValues
from .log.log import Log
from .start.start import Start
from .tokens import Tokens


class Host:
    """See `endpoint.exchange.Host`.

    Args:
        start: what was begun.
        log: the log.
        cache: what is held.
        call_later: calls something after some seconds.
        counters: gives what was counted.

    Attributes:
        state: `starting`, `ready` or `draining`.
        tag_key: what ETags are made by.
        tokens: gives the tokens that are accepted now.
        note_read: notes when the first read was answered.
    """

    __slots__ = (
        "_cache",
        "_counters",
        "_held",
        "_log",
        "_replaced",
        "_scrubber",
        "_start",
        "_status_queues",
        "_tokens",
        "note_read",
        "state",
        "tag_key",
        "tokens",
    )

    def __init__(
        self,
        start: Start,
        log: Log,
        cache: Cache,
        call_later: Callable[[float, Callable[[], None]], object],
        counters: Callable[[], Mapping[str, int]],
    ) -> None:
        self.state = "starting"
        self.tag_key = os.urandom(16)
        self._start = start
        self._log = log
        self._cache = cache
        self._counters = counters
        self._held = HeldValues(cache, start.declarations)
        self._replaced = ReplacedValues()
        self._scrubber = Scrubber(self._secrets)
        settings = start.settings
        own = start.identities.own
        self._tokens = Tokens(settings.tokens, settings.token_file, own.session_token, log)
        self.tokens = self._tokens.accepted
        self.note_read = partial(start.phases.mark, "read")
        self._status_queues = {
            authenticated: StatusQueue(partial(self._report, authenticated), call_later)
            for authenticated in (False, True)
        }

    def warnings(self) -> Iterator[str]:
        """What looks like a mistake in the settings, a sentence each."""
        yield from self._start.settings.warnings
        yield from self._tokens.warnings(local=bool(self._start.local))

    def clean(self, text: str) -> str:
        """A text without the secrets that are known; for any thread."""
        return self._scrubber.clean(text)

    def keep_out(self, replaced: Outcome) -> None:
        """Keep a value out of texts that is held no longer: AWS may name it still, in an error."""
        self._replaced.add(replaced)

    def ask_status(self, asker: Asker, *, authenticated: bool) -> None:
        """Have somebody told the status; see `endpoint.exchange.Host`."""
        self._status_queues[authenticated].ask(asker)

    def internal_error(self, error: Exception) -> None:
        """Log an internal error."""
        self._log.internal_error(error)

    def _secrets(self) -> Iterator[str | bytes]:
        """What no text that goes out may hold; for any thread."""
        yield from self._tokens.known
        yield from self._start.identities.secrets
        yield from self._start.settings.proxies.secrets
        yield from self._held
        yield from self._replaced

    def _report(self, authenticated: bool) -> Report:
        return status.report(
            self._start.declarations,
            self._cache,
            self._start.phases.report(),
            self._counters(),
            self.state,
            time.time(),
            self.clean,
            authenticated=authenticated,
        )
