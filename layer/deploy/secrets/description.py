"""The description of declared sources: what is stored for each, by whichever service has it."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from boto3.session import Session

from ...extension.sources.parameter import Parameter
from ...extension.sources.secretsmanager import Secret
from ...extension.sources.source import Source
from . import arn
from .stored import Absent, Entry
from .stores import managed_secrets, parameters

_DESCRIBE: Mapping[str, Callable[[Session, Sequence[Source]], dict[Source, Entry]]] = {
    Parameter.service: parameters.describe,
    Secret.service: managed_secrets.describe,
}


def look_up(session: Session, sources: Iterable[Source]) -> dict[Source, Entry]:
    """What is stored for each source; each service is asked only where something of it is declared.

    Args:
        session: The operator's, in the region that is asked.
        sources: What is declared.

    Raises:
        ClientError: AWS refused for another reason than that something is missing or denied.
    """
    wanted = {source: arn.secret_behind(source) or source for source in sources}
    groups: dict[str, list[Source]] = {}
    for source in dict.fromkeys(wanted.values()):
        groups.setdefault(source.service, []).append(source)
    found: dict[Source, Entry] = {}
    for service, group in groups.items():
        describe = _DESCRIBE.get(service, _undescribed)
        found.update(describe(session, group))
    return {source: found[real] for source, real in wanted.items()}


def _undescribed(_: Session, sources: Sequence[Source]) -> dict[Source, Entry]:
    return {
        each: Absent(f"not described: {each.service} is not known to this command")
        for each in sources
    }
