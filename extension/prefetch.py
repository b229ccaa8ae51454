"""Prefetch: the calls that read every declared secret, sent before anything else is imported."""

from __future__ import annotations

from . import aws
from .channel import complete
from .reference import Parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .caller import Caller
    from .reference import Reference, Source

    Job = tuple[Source, ...]


def plan(references: Iterable[Reference]) -> list[Job]:
    """Divide the declared secrets into jobs, one call each.

    Parameters go in batches of `aws.LARGEST_BATCH`, secrets one by one; what is declared twice is
    read once.

    Returns:
        The jobs, in the order of the declarations.
    """
    sources = list(dict.fromkeys(reference.source for reference in references))
    parameters = [source for source in sources if isinstance(source, Parameter)]
    size = aws.LARGEST_BATCH
    batches = [tuple(parameters[i : i + size]) for i in range(0, len(parameters), size)]
    return [*batches, *((source,) for source in sources if not isinstance(source, Parameter))]


def first_call(job: Job) -> aws.Call:
    """The call that a job begins with."""
    parameters = [source for source in job if isinstance(source, Parameter)]
    return aws.get_parameters(parameters) if len(parameters) > 1 else aws.get(job[0])


class Prefetch:
    """Jobs whose calls are under way, and jobs that wait for a worker.

    Attributes:
        started: jobs, each with the caller that has sent its first call, or has tried.
        waiting: the other jobs.
    """

    __slots__ = ("started", "waiting")

    def __init__(self, started: list[tuple[Job, Caller]], waiting: list[Job]) -> None:
        self.started = started
        self.waiting = waiting


def begin(
    jobs: Iterable[Job], connections: int, caller: Callable[[str], Caller], deadline: float
) -> Prefetch:
    """Send the first calls, side by side over connections of their own.

    What fails here is not reported: the worker that takes the job over does it again.

    Args:
        jobs: what to read.
        connections: how many connections each service may have.
        caller: makes a caller to a service.
        deadline: the latest moment, in seconds of `time.monotonic`.
    """
    prefetch = Prefetch([], [])
    used: dict[str, int] = {}
    for job in jobs:
        name = job[0].service
        if used.setdefault(name, 0) < connections:
            used[name] += 1
            prefetch.started.append((job, caller(name)))
        else:
            prefetch.waiting.append(job)
    sent = [begun.sending(first_call(job), deadline) for job, begun in prefetch.started]
    for failure, (_, begun) in zip(complete(sent, deadline), prefetch.started, strict=True):
        if failure is not None:
            begun.abandon()
    return prefetch
