"""The ways to have secrets in hand that are compared."""

from dataclasses import dataclass
from typing import Literal

from tests.bench.functions import NODE, PYTHON
from warmkey.deploy.report.data.role import Role

Source = Literal["clear", "Warmkey", "compiled", "wrapper", "Go", "calls"]
"""Where the values come from: they stand in the environment in clear, Warmkey's extension has them
(compiled: in a layer with bytecode for the Python that runs here), its exec wrapper puts them into
the environment, the plain Go extension has them, or the function calls SSM itself."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way.

    Attributes:
        label: What the tables call it.
        role: Its part in the comparison.
        code: What the function's code calls it, in `LAB_WAY`.
        source: Where the values come from.
    """

    label: str
    role: Role
    code: str
    source: Source


NOTHING = Way("nothing at all", "floor", "environment", "clear")
CLIENT = Way("Warmkey, by client", "ours", "warmkey", "Warmkey")
WRAPPER = Way("Warmkey, by exec wrapper", "ours", "environment", "wrapper")
GO = Way("plain Go extension", "anchor", "http", "Go")
BOTO3 = Way("boto3 in the function", "other", "boto3", "calls")
POWERTOOLS = Way("Powertools parameters", "other", "powertools", "calls")
SDK = Way("AWS SDK v3 in the function", "other", "sdk", "calls")
BUNDLED = Way("AWS SDK v3, bundled", "other", "sdk", "calls")

WAYS: dict[str, tuple[Way, ...]] = {
    PYTHON: (NOTHING, CLIENT, WRAPPER, GO, BOTO3, POWERTOOLS),
    NODE: (NOTHING, CLIENT, WRAPPER, GO, SDK, BUNDLED),
}
"""By the function's runtime, in the order of the page."""

FIRST_READ = Way("warmkey, imported and asked", "ours", "warmkey", "Warmkey")
URLLIB = Way("urllib.request, imported and asked", "other", "urllib", "Warmkey")
COMPILED = Way("the same, with bytecode in the layer", "ours", "warmkey", "compiled")
FIRST_READS = (FIRST_READ, COMPILED, URLLIB)
"""Ways to read one secret that is ready, in a Python function's first invoke."""
