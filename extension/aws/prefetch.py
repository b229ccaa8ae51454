"""Prefetch: the calls that read every declared secret, sent before anything else is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ..http.channel import advance
from ..sources import calls, parameters_by_path, secret_batch
from ..sources.source import Parameter, ParameterPath, Secret, Source
from .client import Client

Job = tuple[Source, ...]


def plan(sources: Iterable[Source], connections: int) -> list[Job]:
    """Divide sources into jobs; what is declared twice is read once.

    Parameters go in batches of `calls.LARGEST_BATCH`. Secrets go one by one, side by side, as long
    as there is a connection for each: only beyond that does a batch, which takes a permission of
    its own, save a round trip.

    Args:
        sources: what to read.
        connections: how many connections each service may have.
    """
    sources = list(dict.fromkeys(sources))
    parameters = [source for source in sources if isinstance(source, Parameter)]
    paths = [source for source in sources if isinstance(source, ParameterPath)]
    secrets = [source for source in sources if isinstance(source, Secret)]
    current = [secret for secret in secrets if not (secret.version_id or secret.version_stage)]
    together = current if len(secrets) > connections else []
    return [
        *_batches(parameters, calls.LARGEST_BATCH),
        *((path,) for path in paths),
        *_batches(together, calls.LARGEST_SECRET_BATCH),
        *((secret,) for secret in secrets if secret not in together),
    ]


def first_call(job: Job) -> calls.Call:
    """The call that a job begins with."""
    match job:
        case (ParameterPath() as path,):
            return parameters_by_path.call(path)
        case (Parameter() | Secret() as source,):
            return calls.get(source)
    parameters = [source for source in job if isinstance(source, Parameter)]
    if parameters:
        return calls.get_parameters(parameters)
    return secret_batch.call([source for source in job if isinstance(source, Secret)])


def _batches(sources: Sequence[Source], size: int) -> Iterator[Job]:
    return (tuple(sources[i : i + size]) for i in range(0, len(sources), size))


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
    jobs: Iterable[Job], connections: int, client: Callable[[str], Client], deadline: float
) -> Prefetch:
    """Send the first calls, side by side over connections of their own.

    What fails here is not reported: the worker that takes the job over does it again. And what is
    not sent by the deadline, it sends.

    Args:
        jobs: what to read.
        connections: how many connections each service may have.
        client: makes a client to a service.
        deadline: the latest moment, in seconds of `time.monotonic`.
    """
    prefetch = Prefetch([], [])
    used: dict[str, int] = {}
    for job in jobs:
        name = job[0].service
        if used.setdefault(name, 0) < connections:
            used[name] += 1
            prefetch.started.append((job, client(name)))
        else:
            prefetch.waiting.append(job)
    sending = [begun.sending(first_call(job), deadline) for job, begun in prefetch.started]
    for result, (_, begun) in zip(advance(sending, deadline), prefetch.started, strict=True):
        if isinstance(result, Exception):
            begun.abandon()
        elif result is not None:
            begun.leave(result)
    return prefetch
