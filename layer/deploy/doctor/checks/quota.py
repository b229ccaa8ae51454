"""Whether many cold starts at once stay within Parameter Store's quota.

40 calls a second for the whole account and region, of all reads together; with higher throughput
each action has a quota of its own: https://docs.aws.amazon.com/general/latest/gr/ssm.html
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ....extension.aws import prefetch
from ....extension.sources.source import Source
from ..finding import Finding, Unknown, unchecked

SETTING = "/ssm/parameter-store/high-throughput-enabled"
_ENABLE = f"aws ssm update-service-setting --setting-id {SETTING} --setting-value true"

_CHECK = "quota"
_TOGETHER = 40  # calls a second
_HIGHER = {"GetParameter": 10_000, "GetParameters": 1_000, "GetParametersByPath": 100}
_LONGEST = 10  # seconds that Lambda gives a function to start
_PAGE = 10  # parameters that one call of GetParametersByPath gives
# A function's environments grow by so many at once, and again after ten seconds:
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
_SCALING = 1_000


@dataclass(frozen=True, slots=True)
class Concurrency:
    """How many environments of a function there can be.

    Attributes:
        reserved: What is reserved for it, which it can't exceed; None where nothing is.
        account: What all functions of the account share.
        provisioned: Environments that are started beforehand, all at once.
    """

    reserved: int | None
    account: int | Unknown
    provisioned: int | Unknown

    @property
    def burst(self) -> int | Unknown:
        """How many may start at the same moment; provisioned ones count to either limit."""
        limit = self.account if self.reserved is None else self.reserved
        if isinstance(limit, Unknown) or limit <= _SCALING:
            return limit
        if isinstance(self.provisioned, Unknown):
            return self.provisioned
        return max(_SCALING, self.provisioned)


def calls(sources: Iterable[Source], connections: int, below: int) -> dict[str, int]:
    """How many calls of each of SSM's actions one cold start costs.

    Args:
        sources: What is read.
        connections: `WARMKEY_MAX_CONNECTIONS`.
        below: How many parameters lie below each of its paths, at most.
    """
    counted: dict[str, int] = {}
    for job in prefetch.plan(sources, connections):
        if job[0].service != "ssm":
            continue
        action = prefetch.first_call(job).action
        pages = max(1, -(-below // _PAGE)) if job[0].is_path else 1
        counted[action] = counted.get(action, 0) + pages
    return counted


def check(
    counted: Mapping[str, int], concurrency: Concurrency, higher: bool | Unknown
) -> Iterator[Finding]:
    """Look at the worst that can happen.

    Args:
        counted: The calls of one cold start, by action.
        concurrency: How many there may be at once.
        higher: Whether higher throughput is enabled.
    """
    burst = concurrency.burst
    if isinstance(burst, Unknown):
        if counted:
            yield unchecked(_CHECK, burst, "many cold starts at once may be throttled")
        return
    seconds = sum(counted.values()) * burst / _TOGETHER
    if not counted or seconds <= _LONGEST:
        return
    if isinstance(higher, Unknown):
        yield unchecked(_CHECK, higher, f"if {_ENABLE} was not done: {_costs(seconds)}")
    elif not higher:
        quota = f"{_TOGETHER} a second for the whole account"
        enable = f"enable higher throughput ({_ENABLE}; each call then costs), "
        yield _finding(counted, burst, seconds, quota, enable)
    else:
        seconds = max(number * burst / _HIGHER[action] for action, number in counted.items())
        if seconds > _LONGEST:
            yield _finding(counted, burst, seconds, "the quotas for higher throughput", "")


def _finding(
    counted: Mapping[str, int], burst: int, seconds: float, quota: str, enable: str
) -> Finding:
    number = sum(counted.values()) * burst
    return Finding(
        "warning",
        _CHECK,
        f"{burst} cold starts at once make {number} calls to Parameter Store, against {quota}",
        _costs(seconds),
        f"{enable}reserve less concurrency for the function, or declare fewer parameters: ten cost "
        "one call",
    )


def _costs(seconds: float) -> str:
    return f"the last of them has its secrets after {seconds:.0f} s; Lambda gives it {_LONGEST}"
