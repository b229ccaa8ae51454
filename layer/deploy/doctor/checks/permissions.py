"""Whether the function's role may read what is declared: what to ask IAM, and what it decides.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ....extension.sources.parameter import Parameter
from ....extension.sources.source import Place, Source
from ...iam import policy
from ...secrets.stored import Absent, Entry
from ..finding import Finding, Unknown, unchecked
from .keys import Key, account_of

_CHECK = "permissions"
_UNSEEN = "a missing permission shows at the function's first start"
_FALLS_BACK = {
    "ssm:GetParameters": "each parameter is read by a call of its own, ten times as many",
    "secretsmanager:BatchGetSecretValue": "each secret is read by a call of its own",
}


Outside = Literal["", "boundary", "organization"]

_OUTSIDE: Mapping[Outside, tuple[str, str]] = {
    "boundary": (
        "is not allowed by the permissions boundary of the role",
        "allow it in the boundary, too (`aws iam get-role` names it); no policy of the role can",
    ),
    "organization": (
        "is not allowed by the organization's policies (SCP)",
        "have it allowed by those who manage the organization; no policy of this account can",
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a role may do some actions with some resources.

    Attributes:
        actions: The actions.
        resources: The ARNs; each action is meant with each of them.
        context: What the request would say of itself, by condition key.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What IAM would decide.

    Attributes:
        action: The action.
        resource: The ARN.
        decision: `allowed`, `implicitDeny` where nothing allows it, `explicitDeny`.
        lacking: Condition keys that a policy asks about and the question did not tell.
        outside: What does not allow it, whatever the role's own policies say: `boundary`, the
            role's permissions boundary; `organization`, a policy of the organization; or empty.
    """

    action: str
    resource: str
    decision: str
    lacking: tuple[str, ...] = ()
    outside: Outside = ""


def questions(
    entries: Mapping[Source, Entry],
    keys: Mapping[str, Key | Unknown],
    place: Place,
    role: str,
    *,
    batches: Sequence[str],
) -> list[Question]:
    """What has to be allowed.

    Args:
        entries: What is stored for each source.
        keys: The keys of that, by what it calls them.
        place: Where the function is.
        role: The ARN of its role.
        batches: The actions that read several at once.
    """
    resources: dict[tuple[str, ...], list[str]] = {}
    own = {source: entry for source, entry in entries.items() if not source.role}
    for source, entry in own.items():
        resources.setdefault(source.actions, []).append(_resource(source, entry, place))
    asked = [Question(actions, tuple(arns)) for actions, arns in resources.items()]
    if others := tuple(dict.fromkeys(source.role for source in entries if source.role)):
        asked.append(Question(("sts:AssumeRole",), others))
    if batches:
        asked.append(Question(tuple(batches), ("*",)))
    for source, entry in own.items():
        asked.extend(_decryptions(source, entry, keys, place, role))
    return asked


def check(decisions: Sequence[Decision] | Unknown) -> Iterator[Finding]:
    """Look at IAM's decisions."""
    if isinstance(decisions, Unknown):
        yield unchecked(_CHECK, decisions, _UNSEEN)
        return
    denied: dict[Decision, list[str]] = {}
    for each in decisions:
        if each.decision != "allowed":
            denied.setdefault(replace(each, resource=""), []).append(each.resource)
    for alike, resources in denied.items():
        yield _finding(alike, ", ".join(dict.fromkeys(resources)))


def _finding(denied: Decision, resources: str) -> Finding:
    action, is_explicit = denied.action, denied.decision == "explicitDeny"
    if denied.lacking and not is_explicit:
        return Finding(
            "unchecked",
            _CHECK,
            f"whether {action} is allowed depends on {', '.join(denied.lacking)}: {resources}",
            _UNSEEN,
            "look at the conditions in the role's policies",
        )
    if denied.outside:
        refused, remedy = _OUTSIDE[denied.outside]
    elif is_explicit:
        refused, remedy = "is denied by a policy", "remove the Deny, or make an exception"
    else:
        refused = "is not allowed"
        remedy = (
            "grant it: `warmkey policy` prints the least that is needed, "
            "`warmkey attach --with-policy` gives it to the role"
        )
    return Finding(
        "warning" if action in _FALLS_BACK else "error",
        _CHECK,
        f"{action} {refused} on {resources}",
        _FALLS_BACK.get(action, "reading it fails"),
        remedy,
    )


def _resource(source: Source, entry: Entry, place: Place) -> str:
    """The ARN of a source; a secret's has a suffix that only its description tells."""
    if not isinstance(entry, Absent) and entry[0].arn:
        return entry[0].arn
    return source.arn(place)


def _is_enough(key: Key, role: str) -> bool:
    """Whether a key's policy alone allows a role to decrypt, which it can in its own account."""
    return key.allows(role) and account_of(key.arn) == account_of(role)


def _decryptions(
    source: Source,
    entry: Entry,
    keys: Mapping[str, Key | Unknown],
    place: Place,
    role: str,
) -> Iterator[Question]:
    """What KMS has to allow, unless the key's own policy does; once for each key below a path."""
    stored = () if isinstance(entry, Absent) else entry
    for name, first in {each.key: each for each in reversed(stored) if each.key}.items():
        key = keys.get(name)
        if not isinstance(key, Key) or key.managed_by_aws or _is_enough(key, role):
            continue
        of = Parameter(first.name) if source.is_path else source
        context, value = policy.encryption_context(of, place)
        yield Question(
            ("kms:Decrypt",),
            (key.arn,),
            (
                ("kms:ViaService", policy.via(of, place)[0]),
                (f"kms:EncryptionContext:{context}", first.arn or value),
                ("kms:CallerAccount", place.account),
                *((("kms:ResourceAliases", name),) if name.startswith("alias/") else ()),
            ),
        )
