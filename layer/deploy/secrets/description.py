"""The description of declared sources: what is stored for each, by whichever service has it."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from boto3.session import Session

from ...extension.sources.parameter import Parameter
from ...extension.sources.route import Route, route_of
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
    groups: dict[Route, list[Source]] = {}
    for source in dict.fromkeys(wanted.values()):
        groups.setdefault(route_of(source, session.region_name or ""), []).append(source)
    found: dict[Source, Entry] = {}
    for route, group in groups.items():
        describe = _elsewhere if route.role else _DESCRIBE.get(route.service, _undescribed)
        found.update(describe(_in_region(session, route.region), group))
    return {source: found[real] for source, real in wanted.items()}


def _in_region(session: Session, region: str) -> Session:
    """The same operator's session in another region; empty for the session's own."""
    if not region:
        return session
    profile = session.profile_name if session.profile_name != "default" else None
    return Session(profile_name=profile, region_name=region)


def _elsewhere(_: Session, sources: Sequence[Source]) -> dict[Source, Entry]:
    """What is read as another account's role, which this session is not."""
    return {
        each: Absent("denied", f"it is read as {each.role}", "sts:AssumeRole") for each in sources
    }


def _undescribed(_: Session, sources: Sequence[Source]) -> dict[Source, Entry]:
    return {
        each: Absent(f"not described: {each.service} is not known to this command")
        for each in sources
    }
