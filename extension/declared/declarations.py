"""Declarations: the secrets a function asks for, by alias.

Two ways, which add up: environment variables whose value is `warmkey:REFERENCE`, and
`warmkey.json`, the table of stages. Where both declare an alias, the variable wins, because it can
differ between two deployments of the same package. Variables are sorted by name, because the order
of an environment means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

from ..http import json_text
from ..sources.parameter import Parameter
from ..sources.source import Source
from . import options, reference, stages
from .reference import Reference

MARK = "warmkey:"
_KEYS = ("$schema", "fallback", "secrets", "stages")


class DeclarationError(ValueError):
    """A declaration is malformed; the message names its place, what was given and what to do."""


@dataclass(frozen=True, slots=True)
class Declarations:
    """The declared secrets of the function's stage.

    Attributes:
        stage: what `{stage}` became; empty where no stage is set or needed.
        references: what each alias stands for.
        paths: the references to every parameter under a path. The parameters' aliases are known
            once they have been read. Where two have the same alias, the earlier path wins:
            variables come first, by name, then the stage's own paths, then those of every stage.
    """

    stage: str
    references: Mapping[str, Reference]
    paths: tuple[Reference, ...] = ()

    def by_name(self) -> Iterator[tuple[str, Reference]]:
        """Every reference, by its alias, or by the path itself."""
        yield from self.references.items()
        for path in self.paths:
            yield f"{path.source.name}/*", path

    def allow(self, source: Source) -> bool:
        """Whether a source was declared, whether it is asked for decrypted or not.

        A path declares the latest version of each parameter below it, and no other.
        """
        if isinstance(source, Parameter):
            source = replace(source, decrypt=True)
        if any(each.source.synonym == source.synonym for each in self.references.values()):
            return True
        if not isinstance(source, Parameter):
            return False
        below = any(
            source.name.startswith(f"{path.source.name}/") and source.role == path.source.role
            for path in self.paths
        )
        return below and not source.selector

    def optional(self) -> Set[Source]:
        """The sources that nobody needs to exist: whatever is declared of them may be missing."""
        needed = {each.source for each in self.all() if not each.may_be_missing}
        return {each.source for each in self.all()} - needed

    def all(self) -> tuple[Reference, ...]:
        """Every reference."""
        return (*self.references.values(), *self.paths)


def declared(environ: Mapping[str, str], config: str | None, config_path: str) -> Declarations:
    """Collect the declared secrets.

    Args:
        environ: the process's environment.
        config: the text of `warmkey.json`, or None where there is none.
        config_path: its path, for messages.

    Returns:
        The declarations: the file's in its order, then the variables by name.

    Raises:
        DeclarationError, stages.StageError: something in them is malformed or unknown.
    """
    table = _table(config, config_path) if config is not None else {}
    stage_map = stages.parse_map(environ.get("WARMKEY_STAGES", ""))
    current = stages.current(environ)
    stage, of_stage = _of_stage(table, current, config_path)
    from_file = {**_secrets(table, "secrets", config_path), **of_stage}
    marked = (item for item in environ.items() if item[1].startswith(MARK))
    from_environ = {name: value[len(MARK) :] for name, value in sorted(marked)}
    texts = {**from_file, **from_environ}
    target = stage
    if any("{stage}" in text for text in texts.values()):
        target = stage_map.target(current if current in stage_map.targets else stage)
    references = {
        alias: _reference(
            f"variable {alias}" if alias in from_environ else f"{config_path}: {alias}",
            text,
            target,
        )
        for alias, text in texts.items()
    }
    paths = {alias: each for alias, each in references.items() if each.source.is_path}
    single = {alias: each for alias, each in references.items() if alias not in paths}
    first = sorted(paths, key=lambda alias: (alias not in from_environ, alias not in of_stage))
    return Declarations(target, single, tuple(paths[alias] for alias in first))


def _reference(place: str, text: str, stage: str) -> Reference:
    if "{stage}" in text and not stage:
        raise DeclarationError(
            f"{place}: {text!r} needs a stage, and none is set; "
            f"set one of {', '.join(stages.VARIABLES)}, or a fallback with WARMKEY_STAGES=*=…"
        )
    try:
        return reference.parse(text, stage)
    except reference.MalformedReference as error:
        raise DeclarationError(f"{place}: {error}") from None


def _table(config: str, path: str) -> dict[str, object]:
    try:
        table = json_text.decode(config)
    except json_text.MalformedJson as error:
        raise DeclarationError(f"{path} is {error}") from None
    if not isinstance(table, dict):
        raise DeclarationError(f"{path} must hold a JSON object with {', '.join(_KEYS[1:])}")
    if strange := sorted(table.keys() - set(_KEYS)):
        raise DeclarationError(
            f"{path} has {', '.join(map(repr, strange))}; allowed are {', '.join(_KEYS[1:])}"
        )
    return table


def _of_stage(table: Mapping[str, object], stage: str, path: str) -> tuple[str, Mapping[str, str]]:
    """The stage that applies, after the file's fallback, and its own secrets."""
    known = table.get("stages", {})
    if not isinstance(known, dict):
        raise DeclarationError(
            f"{path}: stages must be an object that maps each stage to its secrets"
        )
    fallback = table.get("fallback")
    if fallback is not None and not (isinstance(fallback, str) and fallback in known):
        raise DeclarationError(
            f"{path}: fallback is {fallback!r}; it must name one of the stages "
            f"({', '.join(sorted(known)) or 'there are none'})"
        )
    if not known:
        return stage, {}
    if stage not in known and fallback is None:
        raise stages.unknown(stage, known, f'add it, or a "fallback", to {path}')
    chosen = stage if stage in known else str(fallback)
    return chosen, _secrets(known, chosen, path)


def _secrets(holder: Mapping[str, object], key: str, path: str) -> Mapping[str, str]:
    secrets = holder.get(key, {})
    if not isinstance(secrets, dict):
        raise DeclarationError(
            f"{path}: {key} must be an object that maps each alias to a reference"
        )
    return {alias: _written(alias, each, key, path) for alias, each in secrets.items()}


def _written(alias: str, given: object, key: str, path: str) -> str:
    """A reference of the file, as a variable would have it."""
    if not alias or not alias.isprintable():
        raise DeclarationError(f"{path}: {alias!r} in {key} can't be an alias; use printable text")
    place = f"{path}: {alias} in {key}"
    if isinstance(given, str):
        return given
    if isinstance(given, dict) and isinstance(text := given.get("ref"), str):
        members = {name: value for name, value in given.items() if name != "ref"}
        try:
            return options.add(text, members)
        except options.MalformedOption as error:
            raise DeclarationError(f"{place}: {error}") from None
    raise DeclarationError(
        f"{place} must be a reference as a string, or an object whose ref is one: "
        f"{reference.forms()}"
    )
