"""A bench: everything that one run of a benchmark measured, as `bench.json` holds it.

`bench.schema.json` beside this module describes the file for people and for editors.
"""

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from .cold_start import ColdStart
from .experiment import Experiment
from .part import Part, require
from .ratio import Ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

VERSION = 1
"""The file's version. A change that an older reader would misread takes the next number."""

_ERRORS_SHOWN = 5


class BadBench(ValueError):
    """A file that is no bench; the message says where it is wrong, and how."""


@dataclass(frozen=True, slots=True)
class Bench(Part):
    """Everything that one run measured.

    Attributes:
        title: The question it answers, e.g. `What a secret costs a cold start`.
        subject: What was measured, e.g. `AWS's Rapid core on this machine`.
        when: When the run began, with its zone.
        command: What to type to repeat it.
        machine: Facts of the machine, by name, e.g. `("processor", "…, 2 cores")`.
        method: How it was measured, in paragraphs.
        cold_starts: Waterfalls that are compared with each other, the first as the main one.
        experiments: What was varied; the first is the main comparison.
        ratios: Ours against others, with budgets.
        footnotes: What could not be measured here, and why.
        version: The file's version.
    """

    title: str
    subject: str
    when: datetime
    command: str
    machine: tuple[tuple[str, str], ...]
    method: tuple[str, ...]
    cold_starts: tuple[ColdStart, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    footnotes: tuple[str, ...] = ()
    version: Literal[1] = 1

    def __post_init__(self) -> None:
        require(self.when.tzinfo is not None, f"`when` is {self.when}, without a zone; add Z")

    def to_json(self) -> str:
        """The text of `bench.json`, which `from_json` makes the same bench of."""
        fields = {"version": self.version, **dataclasses.asdict(self)}
        return json.dumps(fields, default=datetime.isoformat, ensure_ascii=False, indent=1) + "\n"

    @staticmethod
    def from_json(text: str | bytes) -> "Bench":
        """The bench in a file's text.

        Raises:
            BadBench: The text is none, or one of a newer version.
        """
        from pydantic import TypeAdapter, ValidationError  # 0.3 s, which only reading needs

        _check_version(text)
        try:
            return TypeAdapter(Bench).validate_json(text)
        except ValidationError as error:
            raise BadBench(_told_all(error.errors(include_url=False))) from None


def _check_version(text: str | bytes) -> None:
    try:
        file = json.loads(text)
    except ValueError as error:
        raise BadBench(f"this is no JSON: {error}") from None
    version = file.get("version", VERSION) if isinstance(file, dict) else VERSION
    if version != VERSION or isinstance(version, bool):
        raise BadBench(
            f"this is a bench of version {json.dumps(version)}, and this Warmkey reads {VERSION}; "
            "take a newer Warmkey, or measure anew"
        )


def _told_all(errors: "Sequence[ErrorDetails]") -> str:
    more = len(errors) - _ERRORS_SHOWN
    rest = [f"and {more} more"] if more > 0 else []
    return "; ".join([*map(_told, errors[:_ERRORS_SHOWN]), *rest])


def _told(error: "ErrorDetails") -> str:
    """What is wrong and where, e.g. `experiments[0].unit: …, not 5`."""
    path = "".join(_step(step) for step in error["loc"]).lstrip(".")
    message = error["msg"].removeprefix("Value error, ")
    shown = f", not {json.dumps(error['input'])}" if _is_plain(error["input"]) else ""
    return f"{path or 'the file'}: {message}{shown}"


def _step(step: int | str) -> str:
    return f"[{step}]" if isinstance(step, int) else f".{step}"


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)
