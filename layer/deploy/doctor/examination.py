"""An examination: all that there is to look at about a function, or about a project alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...extension import VERSION
from ...extension.declared import stages
from ...extension.declared.environment.variables import SettingError
from ...extension.declared.reference import Reference
from ...extension.declared.settings import Settings
from ...extension.sources.source import Place, Source
from ..account import Account
from ..functions.limits.signatures import Signatures
from ..iam import policy
from ..layers import layer
from ..layers.layer import LayerVersion
from ..output.failure import Failure
from ..secrets import arn, description
from ..secrets.project import Project
from ..secrets.stored import Entry
from . import vpc
from .access import Access
from .checks import (
    keys,
    layers,
    network,
    permissions,
    port,
    quota,
    references,
    regions,
    trust,
    variables,
)
from .checks.quota import Concurrency
from .finding import Finding, Unknown, unchecked
from .inquiry import Function, Inquiry

_FIPS = "AWS_USE_FIPS_ENDPOINT"
_STAGE_NOT_KNOWN = Finding(
    "unchecked",
    "declarations",
    "its stage is not known, as its variables can't be read",
    "what it reads was not checked",
    "name its stage with --stage, or run this as somebody who may kms:Decrypt",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Attributes:
        subject: What was looked at.
        findings: What is wrong with it.
        region: Where it is.
        function: The function's name; empty for a project.
        stage: Its stage; empty where it has none, or where that is not known.
    """

    subject: str
    findings: tuple[Finding, ...]
    region: str
    function: str = ""
    stage: str = ""

    @property
    def is_bad(self) -> bool:
        """Whether there is an error."""
        return any(each.severity == "error" for each in self.findings)


@dataclass(frozen=True, slots=True)
class _Declared:
    """What is to be read, and from where.

    Attributes:
        references: What is declared.
        entries: What is stored for it.
        place: Where it is read.
    """

    references: Sequence[Reference]
    entries: Mapping[Source, Entry]
    place: Place

    @property
    def sources(self) -> list[Source]:
        """What is read at a cold start."""
        return [each.source for each in self.references]


class Examination:
    """Looks at functions of an account.

    Args:
        account: The account, in one region.
    """

    def __init__(self, account: Account) -> None:
        self._account = account
        self._inquiry = Inquiry(account)
        self._access = Access(account.session)
        self._signatures = Signatures(account)

    def of_function(self, name: str, project: Project, stage: str) -> Report:
        """Look at a function, with what its package declares.

        Args:
            name: Its name or ARN.
            project: What its package declares; its own variables add to that.
            stage: The stage; empty for what its variables say.

        Raises:
            Failure: There is no such function.
        """
        function = self._inquiry.function(name)
        found = function.configuration
        project = replace(project, variables={**project.variables, **found.variables})
        stage = stage or stages.current(project.variables)
        named = stage or ("(not known)" if found.unreadable else "(none)")
        parsed = variables.parse(project.variables, found.region)
        return Report(
            f"function {found.name} in {found.region}, stage {named}",
            (
                *self._configuration(function, parsed),
                *self._reading(function, project, stage, _connections(parsed)),
            ),
            found.region,
            found.name,
            stage,
        )

    def of_project(self, project: Project, chosen: Sequence[str]) -> Report:
        """Look at what a project declares, for no function in particular.

        Args:
            project: The project.
            chosen: The stages; all of them unless given.

        Raises:
            Failure: A declaration is malformed, or a stage is unknown.
        """
        declared = self._look_up([each.reference for each in project.declared(chosen)])
        return Report(
            f"project in {self._account.describe()}, stage {', '.join(chosen) or '(all)'}",
            tuple(self._stored(declared, role="", connections=policy.CONNECTIONS)),
            self._account.region,
            stage=", ".join(chosen),
        )

    def _configuration(
        self, examined: Function, parsed: Settings | SettingError
    ) -> Iterator[Finding]:
        function = examined.configuration
        arns = [each for each in function.layers if layer.is_warmkey(each)]
        version = self._inquiry.layer_version(arns[0]) if arns else Unknown("", "")
        newest = (
            self._inquiry.newest_layer(function.architecture) if arns or function.signed else None
        )
        yield from layers.check(function, version, newest, VERSION)
        wanted = arns[:1] or ([newest.arn] if isinstance(newest, LayerVersion) else [])
        if refused := self._signatures.refused(function, wanted):
            yield layers.refused(refused)
        if function.unreadable:
            reason = Unknown("kms:Decrypt", function.unreadable)
            yield unchecked("settings", reason, "its variables can't be read, whatever they say")
            return
        yield from port.check(function)
        yield from variables.check(function, parsed, examined.timeout)

    def _reading(
        self, function: Function, project: Project, stage: str, connections: int
    ) -> Iterator[Finding]:
        unreadable = function.configuration.unreadable
        if unreadable and not stage:
            yield _STAGE_NOT_KNOWN
            return
        try:
            found = list(project.of_stage(stage).all())
        except Failure as failure:
            yield Finding(
                "error",
                "declarations",
                failure.message,
                "every start of the function fails; what it reads was not checked",
                "correct what is declared, or the function's stage",
            )
            return
        if not found:
            if not unreadable:
                yield _nothing(project)
            return
        declared, role = self._look_up(found), function.configuration.role
        yield from self._stored(declared, role=role, connections=connections)
        fips = "-fips" if project.variables.get(_FIPS, "").strip().lower() == "true" else ""
        services = {f"{source.service}{fips}" for source in declared.sources}
        if function.vpc:
            seen = vpc.look(self._inquiry.client("ec2"), function.vpc, function.subnets)
            yield from network.check(seen, services, declared.place.region)
        concurrency = self._inquiry.concurrency(function)
        yield from self._quota(declared, concurrency, connections)

    def _look_up(self, found: Sequence[Reference]) -> _Declared:
        session = self._account.session
        place = Place(
            session.get_partition_for_region(self._account.region),
            self._account.region,
            self._account.id,
        )
        return _Declared(found, description.look_up(session, arn.sources(found)), place)

    def _stored(self, declared: _Declared, *, role: str, connections: int) -> Iterator[Finding]:
        yield from references.check(declared.references, declared.entries)
        yield from regions.check(declared.references, declared.place)
        found = self._access.keys(declared.entries)
        yield from keys.check(found.values(), role)
        if role:
            batches = policy.batch_actions(declared.sources, connections, declared.place.region)
            asked = permissions.questions(
                declared.entries, found, declared.place, role, batches=batches
            )
            yield from permissions.check(self._access.decisions(role, asked))
            for other in policy.roles(declared.references):
                yield from trust.check(other, self._access.trust(other, role), role)

    def _quota(
        self, declared: _Declared, concurrency: Concurrency, connections: int
    ) -> Iterator[Finding]:
        counted = quota.calls(declared.sources, declared.entries, connections)
        higher = self._inquiry.higher_throughput()
        yield from quota.check(counted, concurrency, higher, declared.place.region)


def _connections(parsed: Settings | SettingError) -> int:
    """How many it reads over; settings that can't be read are a finding of their own."""
    return policy.CONNECTIONS if isinstance(parsed, SettingError) else parsed.max_connections


def _nothing(project: Project) -> Finding:
    seen = "its variables" if project.config is None else f"its variables and {project.path}"
    return Finding(
        "warning",
        "declarations",
        f"nothing is declared in {seen}",
        "nothing is fetched; what it reads was not checked",
        "if its package has a warmkey.json, name that with --config",
    )
