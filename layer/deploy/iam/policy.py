"""The least that a function's role must be allowed, so that Warmkey can read what is declared.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ...extension.aws import prefetch
from ...extension.declared.reference import Reference
from ...extension.sources import services
from ...extension.sources.services import SERVICES
from ...extension.sources.source import Place, Source
from ..secrets import arn

Document = dict[str, Any]
Keys = Mapping[str, Collection[Source]]

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LARGEST_MANAGED = 6_144  # characters of a managed policy; white space does not count
LARGEST_INLINE = 10_240  # characters of all inline policies of a role together

_NO_KEYS: Keys = {}
_CONNECTIONS = 3


def document(
    references: Iterable[Reference],
    place: Place,
    *,
    keys: Keys = _NO_KEYS,
    batches: Collection[str] | None = None,
) -> Document:
    """The IAM policy that lets a role read some references, and nothing else.

    Secrets that AWS's own keys encrypt (`aws/ssm`, `aws/secretsmanager`) need nothing in `keys`:
    the policies of those keys let everybody in the account decrypt by way of their service.
    https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-restrict-decryption.html

    Args:
        references: What is declared; of one stage or of several.
        place: Where names lie that are no ARNs; may be the placeholders of `arn.TEMPLATE`.
        keys: Which of the references' sources each customer managed KMS key encrypts, by the
            key's ARN, its id or its alias (`alias/name`).
        batches: The actions that read several at once; what one function needs that reads all of
            them over three connections (`WARMKEY_MAX_CONNECTIONS`), unless given.

    Returns:
        The document, ready for `json.dumps`; without statements where nothing is declared, which
        IAM refuses.
    """
    declared = list(references)
    sources = arn.sources(declared)
    if batches is None:
        batches = batch_actions([each.source for each in declared], _CONNECTIONS)
    found = [
        *_reads(sources, place),
        *_batches(batches),
        *_decryptions(keys, place),
    ]
    return {"Version": "2012-10-17", "Statement": found}


def batch_actions(sources: Iterable[Source], connections: int) -> list[str]:
    """The actions by which a cold start reads several at once, each a permission of its own."""
    jobs = prefetch.plan(sources, connections)
    actions = (SERVICES[job[0].service].batch_action for job in jobs if len(job) > 1)
    return list(dict.fromkeys(filter(None, actions)))


def via(source: Source, place: Place) -> list[str]:
    """The `kms:ViaService` of a decryption: the service, where the source lies.

    China's regions have two domains, and the documentation leaves open which one KMS tells.
    """
    there = arn.home(source, place)
    service = f"{source.service}.{there.region}.amazonaws.com"
    return [service, f"{service}.cn"] if there.partition == "aws-cn" else [service]


def encryption_context(source: Source, place: Place) -> tuple[str, str]:
    """The key of the encryption context of a source's value, and its value, maybe a pattern.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    value = arn.below(source, place) if source.is_path else source.arn(place)
    return SERVICES[source.service].encryption_context, value


def size(policy: Document) -> int:
    """How many characters IAM counts of it."""
    return len(json.dumps(policy, separators=(",", ":"), ensure_ascii=False))


def warnings(policy: Document) -> Iterator[str]:
    """What IAM will refuse about it, a sentence each."""
    remedy = "make one for each stage (--stage), or declare a path (ssm:/app/*) for many parameters"
    if not policy["Statement"]:
        yield "nothing is declared, and IAM accepts no empty policy; declare a secret first"
    if (characters := size(policy)) > LARGEST_INLINE:
        yield (
            f"it has {characters} characters; IAM allows {LARGEST_INLINE} in the inline policies "
            f"of a role and {LARGEST_MANAGED} in a managed policy; {remedy}"
        )
    elif characters > LARGEST_MANAGED:
        yield (
            f"it has {characters} characters; IAM allows {LARGEST_MANAGED} in a managed policy: "
            f"make it an inline policy of the role ({LARGEST_INLINE} characters), or {remedy}"
        )


def _reads(sources: Iterable[Source], place: Place) -> Iterator[Document]:
    """A statement for each kind of source that there is."""
    resources: dict[type[Source], set[str]] = {kind: set() for kind in services.kinds()}
    for source in sources:
        resources[type(source)].add(source.arn(place))
    for kind, arns in resources.items():
        if arns:
            yield _allow(kind.statement, list(kind.actions), sorted(arns))


def _batches(actions: Collection[str]) -> Iterator[Document]:
    if actions:
        # The action knows no resources; what it may read, `GetSecretValue` says.
        yield _allow("ReadSecretsTogether", list(actions), "*")


def _decryptions(keys: Keys, place: Place) -> Iterator[Document]:
    """A statement for each key, service and region."""
    groups: dict[tuple[str, str, tuple[str, ...]], set[str]] = {}
    for key, sources in keys.items():
        for source in sources:
            name, value = encryption_context(source, place)
            groups.setdefault((key, name, tuple(via(source, place))), set()).add(value)
    for number, ((key, name, via_services), values) in enumerate(sorted(groups.items()), 1):
        yield _decryption(f"Decrypt{number}", arn.of_key(key, place), name, via_services, values)


def _decryption(
    sid: str, key: str, context: str, services: Collection[str], values: Collection[str]
) -> Document:
    exact = not any(set(value) & set("*?") for value in values)
    conditions: dict[str, dict[str, Any]] = {"StringEquals": {"kms:ViaService": _one(services)}}
    conditions.setdefault("StringEquals" if exact else "StringLike", {})[
        f"kms:EncryptionContext:{context}"
    ] = _one(values)
    prefix, is_alias, name = key.partition(":alias/")
    if is_alias:  # IAM takes an alias as a condition, not as a resource
        conditions["ForAnyValue:StringEquals"] = {"kms:ResourceAliases": f"alias/{name}"}
        key = f"{prefix}:key/*"
    return {**_allow(sid, ["kms:Decrypt"], [key]), "Condition": conditions}


def _allow(sid: str, actions: list[str], resources: list[str] | str) -> Document:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def _one(values: Collection[str]) -> str | list[str]:
    """A single value by itself, several as a list."""
    ordered = sorted(values)
    return ordered[0] if len(ordered) == 1 else ordered
