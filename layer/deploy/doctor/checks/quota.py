"""Whether many cold starts at once stay within the quotas of the services that they read from.

Parameter Store: 40 calls a second for the whole account and region, of all reads together; with
higher throughput each action has a quota of its own:
https://docs.aws.amazon.com/general/latest/gr/ssm.html
Secrets Manager: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
KMS, which decrypts each value by itself, also those that one call brings:
https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ....extension.aws import prefetch
from ....extension.sources.source import Source
from ...secrets.stored import SECURE, Absent, Entry
from ..finding import Finding, Unknown, unchecked

SETTING = "/ssm/parameter-store/high-throughput-enabled"
_ENABLE = f"aws ssm update-service-setting --setting-id {SETTING} --setting-value true"

_CHECK = "quota"
_READS = ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath")
_TOGETHER = 40  # calls a second
_HIGHER = dict(zip(_READS, (10_000, 1_000, 100), strict=True))
_SECRETS = {"secretsmanager:GetSecretValue": 10_000, "secretsmanager:BatchGetSecretValue": 100}
_DECRYPT = "kms:Decrypt"
_DECRYPTIONS = 10_000
_MORE_DECRYPTIONS = {
    **dict.fromkeys(("us-east-1", "us-west-2", "eu-west-1"), 100_000),
    **dict.fromkeys(("us-east-2", "eu-central-1", "eu-west-2"), 20_000),
    **dict.fromkeys(("ap-southeast-1", "ap-southeast-2", "ap-northeast-1"), 20_000),
}
_LONGEST = 10  # seconds that Lambda gives a function to start
_PAGE = 10  # parameters that one call of GetParametersByPath gives
# A function's environments grow by so many at once, and again after ten seconds:
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
_SCALING = 1_000
_LESS = "reserve less concurrency for the function"


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


@dataclass(frozen=True, slots=True)
class _Quota:
    """One quota of a service's.

    Attributes:
        actions: What counts against it.
        rate: How many a second.
        what: What is made, e.g. `calls to Parameter Store`.
        against: How a finding calls it.
        remedy: What helps.
    """

    actions: tuple[str, ...]
    rate: int
    what: str
    against: str
    remedy: str


def calls(
    sources: Iterable[Source], entries: Mapping[Source, Entry], connections: int
) -> Counter[str]:
    """What one cold start asks of services that have quotas, by action.

    Args:
        sources: What is read.
        entries: What is stored for it.
        connections: `WARMKEY_MAX_CONNECTIONS`.
    """
    counted: Counter[str] = Counter()
    for job in prefetch.plan(sources, connections):
        first = job[0]
        action = f"{first.service}:{prefetch.first_call(job).action}"
        counted[action] += max(1, -(-_below(entries.get(first)) // _PAGE)) if first.is_path else 1
        counted[_DECRYPT] += sum(_encrypted(source, entries.get(source)) for source in job)
    return +counted


def check(
    counted: Mapping[str, int], concurrency: Concurrency, higher: bool | Unknown, region: str
) -> Iterator[Finding]:
    """Look at the worst that can happen.

    Args:
        counted: What one cold start asks for, by action.
        concurrency: How many there may be at once.
        higher: Whether Parameter Store's higher throughput is enabled.
        region: Where the function is.
    """
    burst = concurrency.burst
    if isinstance(burst, Unknown):
        if counted:
            yield unchecked(_CHECK, burst, "many cold starts at once may be throttled")
        return
    if isinstance(higher, Unknown):
        yield from _unseen(counted, burst, higher)
    parameters = () if isinstance(higher, Unknown) else _of_parameter_store(higher=higher)
    for quota in (*parameters, *_of_secrets_manager(), _of_kms(region)):
        number = _number(counted, quota) * burst
        if number > quota.rate * _LONGEST:
            yield Finding(
                "warning",
                _CHECK,
                f"{burst} cold starts at once make {number} {quota.what}, against {quota.against}",
                _costs(number / quota.rate),
                quota.remedy,
            )


def _unseen(counted: Mapping[str, int], burst: int, higher: Unknown) -> Iterator[Finding]:
    """Whether it matters that nobody may see which of Parameter Store's quotas counts."""
    [usual] = _of_parameter_store(higher=False)
    seconds = _number(counted, usual) * burst / usual.rate
    if seconds > _LONGEST:
        yield unchecked(_CHECK, higher, f"if {_ENABLE} was not done: {_costs(seconds)}")


def _of_parameter_store(*, higher: bool) -> Iterator[_Quota]:
    what, fewer = "calls to Parameter Store", "declare fewer parameters: ten cost one call"
    if not higher:
        against = f"{_TOGETHER} a second for the whole account"
        enable = f"enable higher throughput ({_ENABLE}; each parameter that is read then costs)"
        yield _Quota(_READS, _TOGETHER, what, against, f"{enable}, {_LESS}, or {fewer}")
        return
    for action, rate in _HIGHER.items():
        against = f"{rate} a second with higher throughput"
        what = f"calls of {action.partition(':')[2]}"
        yield _Quota((action,), rate, what, against, f"{_LESS}, or {fewer}")


def _of_secrets_manager() -> Iterator[_Quota]:
    fewer = "put values that belong together into one secret (#field)"
    more = "raise WARMKEY_MAX_CONNECTIONS to the number of secrets, each of which is then read by "
    alone = f"{more}itself (GetSecretValue, 10000 a second), "
    for action, rate in _SECRETS.items():
        name = action.partition(":")[2]
        against = f"{rate} a second for the whole account"
        batch = alone if name.startswith("Batch") else ""
        yield _Quota((action,), rate, f"calls of {name}", against, f"{batch}{_LESS}, or {fewer}")


def _of_kms(region: str) -> _Quota:
    rate = _MORE_DECRYPTIONS.get(region, _DECRYPTIONS)
    return _Quota(
        (_DECRYPT,),
        rate,
        "decryptions by KMS",
        f"{rate} cryptographic operations a second that the account has in {region}",
        f"ask for more (aws service-quotas list-service-quotas --service-code kms), {_LESS}, or "
        "put values that belong together into one (#field)",
    )


def _number(counted: Mapping[str, int], quota: _Quota) -> int:
    return sum(counted.get(action, 0) for action in quota.actions)


def _below(entry: Entry | None) -> int:
    """How many parameters lie below a path, as far as is known."""
    return 0 if entry is None or isinstance(entry, Absent) else len(entry)


def _encrypted(source: Source, entry: Entry | None) -> int:
    """How many values of a source are encrypted; one, where nobody may see it."""
    if entry is None or isinstance(entry, Absent):
        return 0 if source.is_path else 1
    return sum(each.type in (SECURE, "secret") for each in entry)


def _costs(seconds: float) -> str:
    return f"the last of them has its secrets after {seconds:.0f} s; Lambda gives it {_LONGEST}"
