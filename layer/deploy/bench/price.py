"""Prices: what a bench costs in dollars, as far as that can be told beforehand.

Of the region us-east-1, without free tier or discounts; some regions are dearer by up to a half.
https://aws.amazon.com/lambda/pricing/
"""

from dataclasses import dataclass
from typing import Final

AS_OF: Final = "May 2026"
"""When these were the prices."""

REGION: Final = "us-east-1"
REQUEST: Final = 0.20 / 1_000_000
"""Of one request."""

GB_SECOND: Final = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
"""Of a gigabyte for a second, by architecture; since August 2025 the init phase is billed, too.

https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
"""

SNAPSHOT_GB_SECOND: Final = 0.0000015046
"""Of a gigabyte of a snapshot that is kept for a second."""

SNAPSHOT_LEAST: Final = 3 * 60 * 60
"""For so many seconds a snapshot is billed at least."""

RESTORED_GB: Final = 0.0001397998
"""Of a gigabyte that is restored."""

_FREE_SNAPSHOTS = "java"  # runtimes whose snapshots cost nothing


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one start of a function costs.

    Attributes:
        architecture: `x86_64` or `arm64`.
        memory: What the function may use, in MB.
        runtime: Such as `python3.13`.
        snap_start: Whether each start is restored from a snapshot of its own.
    """

    architecture: str
    memory: int
    runtime: str
    snap_start: bool

    def cost(self, starts: int, billed: float) -> float:
        """What some starts cost, in dollars.

        Args:
            starts: How many.
            billed: What is billed for all of them together, in milliseconds.
        """
        gigabytes = self.memory / 1024
        seconds = gigabytes * billed / 1000 * GB_SECOND[self.architecture]
        return starts * (REQUEST + gigabytes * self._snapshot()) + seconds

    def _snapshot(self) -> float:
        """Of a gigabyte of one snapshot, in dollars: kept for the least time, restored once."""
        if not self.snap_start or self.runtime.startswith(_FREE_SNAPSHOTS):
            return 0.0
        return SNAPSHOT_LEAST * SNAPSHOT_GB_SECOND + RESTORED_GB


def dollars(amount: float) -> str:
    """An amount, with two digits that mean something: `$0.0042`."""
    rounded = float(f"{amount:.2g}")
    if rounded >= 1:
        return f"${amount:,.2f}"
    return "$" + f"{rounded:.10f}".rstrip("0").rstrip(".")
