"""A project's declarations, read on a workstation as the extension reads them in a function."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...extension.declared import declarations, options, stages
from ...extension.declared.declarations import DeclarationError, Declarations
from ...extension.declared.reference import Reference
from ...extension.declared.stages import StageError, StageMap
from ..output.failure import Failure


@dataclass(frozen=True, slots=True)
class Declared:
    """A reference, where it was declared.

    Attributes:
        stage: The stage it holds in; `*` is every stage that has no name of its own, and empty
            stands for all where a project knows none.
        alias: What handlers call it; of a path, the path.
        reference: What it points to.
    """

    stage: str
    alias: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Project:
    """What a function's package and its variables declare.

    Attributes:
        variables: The environment variables of the function, the stage among them or not.
        config: The text of `warmkey.json`; None where there is none.
        path: Its path, for messages.
    """

    variables: Mapping[str, str]
    config: str | None
    path: str

    def of_stage(self, stage: str) -> Declarations:
        """What holds in a stage, after every fallback.

        Raises:
            Failure: A declaration is malformed, or the stage is unknown.
        """
        chosen = {stages.VARIABLES[0]: stage} if stage else {}
        try:
            return declarations.declared({**self.variables, **chosen}, self.config, self.path)
        except (DeclarationError, StageError) as error:
            remedy = "here, pass --stage" if not stage and self._lacks_a_stage() else ""
            raise Failure(str(error), remedy) from None

    def _lacks_a_stage(self) -> bool:
        """Whether a stage is all that it lacks: one that it knows or, where it knows none, any."""
        try:
            for stage in self.stages() or ("any",):
                self.of_stage(stage)
        except Failure:
            return False
        return True

    def stages(self) -> tuple[str, ...]:
        """Every stage that it knows by name, then `*` where any other falls back to something.

        Raises:
            Failure: The table or the map of stages is malformed.
        """
        known = parse_stages(self.variables.get("WARMKEY_STAGES", "")).targets
        table, falls_back = self._table()
        any_other = stages.FALLBACK in known and falls_back
        named = dict.fromkeys([*table, *(stage for stage in known if stage != stages.FALLBACK)])
        return (*named, stages.FALLBACK) if any_other else tuple(named)

    def declared(self, chosen: Iterable[str] = ()) -> Iterator[Declared]:
        """The references of some stages.

        Args:
            chosen: The stages; every one that it knows unless given.

        Raises:
            Failure: A declaration is malformed, a stage is unknown, or there is nothing that could
                declare any.
        """
        marked = any(value.startswith(declarations.MARK) for value in self.variables.values())
        if self.config is None and not marked:
            raise Failure(
                f"nothing is declared: there is no {self.path} here",
                "name one with --config, or secrets with --secret ALIAS=REFERENCE",
            )
        for stage in tuple(chosen) or self.stages() or ("",):
            for alias, reference in self.of_stage(stage).by_name():
                yield Declared(stage, alias, reference)

    def _table(self) -> tuple[tuple[str, ...], bool]:
        """The stages in the file, and whether it takes others; its errors show when it is read."""
        try:
            table = json.loads(self.config or "{}")
            return tuple(dict(table.get("stages", {}))), not table.get(
                "stages"
            ) or "fallback" in table
        except (AttributeError, TypeError, ValueError):
            return (), True


def parse_stages(text: str) -> StageMap:
    """What a map of stages says, such as `prod=live,*=test`.

    Raises:
        Failure: It is malformed.
    """
    try:
        return stages.parse_map(text)
    except StageError as error:
        raise Failure(str(error)) from None


def spell(reference: Reference) -> str:
    """A reference as somebody would declare it."""
    field = f"#{reference.field}" if reference.field else ""
    optional = {"optional": True} if reference.optional else {}
    default = {} if reference.default is None else {"default": reference.default}
    return options.add(f"{reference.source.text()}{field}", {**optional, **default})
