"""Stages: which stage a function runs in, and what that stage means, with a fallback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

VARIABLES = ("WARMKEY_STAGE", "STAGE", "stage")
FALLBACK = "*"


class StageError(ValueError):
    """The stage is unknown; the message says what to do."""


class MalformedStageMap(StageError):
    """`WARMKEY_STAGES` is malformed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class StageMap:
    """`WARMKEY_STAGES`: what `{stage}` becomes in each stage.

    Attributes:
        targets: from a stage, or `*` for every other one, to what `{stage}` becomes.
    """

    targets: Mapping[str, str]

    def target(self, stage: str) -> str:
        """What `{stage}` becomes.

        Args:
            stage: the function's stage, possibly empty.

        Raises:
            StageError: the map neither knows the stage nor has a fallback.
        """
        if not self.targets:
            return stage
        if stage in self.targets:
            return self.targets[stage]
        if FALLBACK in self.targets:
            return self.targets[FALLBACK]
        remedy = f"add {stage}=… or *=…" if stage else "set one of these variables, or add *=…"
        raise unknown(stage, self.targets, f"{remedy} to WARMKEY_STAGES")


def current(environ: Mapping[str, str]) -> str:
    """The function's stage by the first of `VARIABLES` that is set; empty if none is."""
    return next((environ[name] for name in VARIABLES if environ.get(name)), "")


def parse_map(text: str) -> StageMap:
    """Read `WARMKEY_STAGES`, such as `prod=live,*=test`.

    Raises:
        MalformedStageMap: an item is not of the form `stage=target`, or a stage appears twice.
    """
    targets: dict[str, str] = {}
    for item in text.split(",") if text.strip() else ():
        stage, equals, target = (part.strip() for part in item.partition("="))
        if not (stage and equals and target) or stage in targets:
            raise MalformedStageMap(
                f"WARMKEY_STAGES is {text!r}: {item.strip()!r} is "
                f"{'there twice' if stage in targets else 'not of the form stage=target'}; "
                "write it like prod=live,*=test, where * is every other stage"
            )
        targets[stage] = target
    return StageMap(targets)


def unknown(stage: str, known: Iterable[str], remedy: str) -> StageError:
    """The error for a stage that nothing knows; it lists the stages that are known."""
    given = f"stage {stage!r} is unknown" if stage else f"no stage is set ({', '.join(VARIABLES)})"
    return StageError(f"{given}; known stages: {', '.join(sorted(known)) or 'none'}; {remedy}")
