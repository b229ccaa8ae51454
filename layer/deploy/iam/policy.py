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
CONNECTIONS = 3
"""Over how many connections a function reads, unless `WARMKEY_MAXCONNECTIONS` says otherwise."""


def document(
    references: Iterable[Reference],
    place: Place,
    *,
    keys: Keys = _NO_KEYS,
    batches: Collection[str] | None = None,
    role: str = "",
) -> Document:
    """The IAM policy that lets a role read some references, and nothing else.

    What is read as another role, that one has to be allowed; the function's own assumes it.

    Secrets that AWS's own keys encrypt (`aws/ssm`, `aws/secretsmanager`) need nothing in `keys`:
    the policies of those keys let everybody in the account decrypt by way of their service.
    https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-restrict-decryption.html

    Args:
        references: What is declared; of one stage or of several.
        place: Where names lie that are no ARNs; may be the placeholders of `arn.TEMPLATE`.
        keys: Which of the references' sources each customer managed KMS key encrypts, by the
            key's ARN, its id or its alias (`alias/name`).
        batches: The actions that read several at once; what one function needs that reads all of
            them over three connections (`WARMKEY_MAXCONNECTIONS`), unless given.

        role: The ARN of the role whose policy it is, as references name it (`roleArn`); empty for
            the function's own.

    Returns:
        The document, ready for `json.dumps`; without statements where nothing is declared, which
        IAM refuses.
    """
    declared = list(references)
    sources = [source for source in arn.sources(declared) if source.role == role]
    if batches is None:
        read = (each.source for each in declared)
        batches = batch_actions(read, CONNECTIONS, place.region, role)
    place = arn.account_of(role, place)
    found = [
        *_reads(sources, place),
        *_batches(batches),
        *_decryptions(_encrypting(keys, role), place),
        *_assumptions(roles(declared) if not role else ()),
    ]
    return {"Version": "2012-10-17", "Statement": found}


def trust(caller: str, external_id: str = "") -> Document:
    """The trust policy of a role that references name: who may assume it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html

    Args:
        caller: The ARN of the function's own role.
        external_id: What it has to say (`WARMKEY_EXTERNAL_ID`); empty for nothing.
    """
    statement: Document = {
        "Effect": "Allow",
        "Principal": {"AWS": caller},
        "Action": "sts:AssumeRole",
    }
    if external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def roles(references: Iterable[Reference]) -> list[str]:
    """The ARNs of the roles that references are read as, but for the function's own."""
    return list(dict.fromkeys(each.source.role for each in references if each.source.role))


def batch_actions(
    sources: Iterable[Source], connections: int, region: str, role: str = ""
) -> list[str]:
    """The actions by which a cold start reads several at once, each a permission of its own.

    Args:
        sources: What is read.
        connections: Over how many connections.
        region: Where the function is.
        role: The ARN of the role that reads; empty for the function's own.
    """
    jobs = prefetch.plan((each for each in sources if each.role == role), connections, region)
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


def _encrypting(keys: Keys, role: str) -> Keys:
    """The keys of what a role reads."""
    return {
        key: [source for source in sources if source.role == role] for key, sources in keys.items()
    }


def _assumptions(roles: Collection[str]) -> Iterator[Document]:
    if roles:
        yield _allow("AssumeRoles", ["sts:AssumeRole"], sorted(roles))


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
