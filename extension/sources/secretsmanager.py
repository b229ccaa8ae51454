"""Secrets of Secrets Manager, one by one and in batches.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..http import percent
from ..http.failure import Failed, Kind
from ..http.messages import Response
from .calls import Call
from .name import ALPHANUMERIC, MalformedSource, check_name, query
from .responses import errors
from .responses.json_response import UNEXPECTED, checked, read_json
from .responses.outcome import Found, Outcome
from .service import Job, Service, batches
from .source import Place, SingleSource, Source

LARGEST_BATCH = 20  # names in one BatchGetSecretValue call
_SERVICE = _TARGET = "secretsmanager"
_CURRENT = "AWSCURRENT"
_CHARACTERS = ALPHANUMERIC | frozenset("/_+=.@-!")
_ARN_CHARACTERS = _CHARACTERS | frozenset(":")
# A secret's ARN ends with six characters of Secrets Manager's own choice:
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/getting-started.html
_ANY_SUFFIX = "-??????"
_COMPLETE = re.compile(r"-[A-Za-z0-9]{6}\Z")


@dataclass(frozen=True, slots=True)
class Secret(SingleSource):
    """One secret of Secrets Manager; both selectors empty means the current version.

    Attributes:
        name: its name or ARN (`SecretId`).
        version_id: `VersionId`, or empty.
        version_stage: `VersionStage`, or empty.
        role: see `Source`.
    """

    service = _SERVICE
    statement = "ReadSecrets"
    actions = ("secretsmanager:GetSecretValue",)

    name: str
    version_id: str = ""
    version_stage: str = ""
    role: str = ""

    @property
    def is_current(self) -> bool:
        """Whether it is the current version, of which alone there are batches."""
        return not (self.version_id or self.version_stage)

    @property
    def synonym(self) -> Source:
        """Without the label that counts where none is asked for."""
        plain = self.version_stage == _CURRENT and not self.version_id
        return replace(self, version_stage="") if plain else self

    def text(self) -> str:
        """How somebody would declare it."""
        prefix = "" if self.name.startswith("arn:") else "secretsmanager:"
        version = f"versionId={_encoded(self.version_id)}" if self.version_id else ""
        stage = f"versionStage={_encoded(self.version_stage)}" if self.version_stage else ""
        return f"{prefix}{self.name}{query(version, stage, self.role_option)}"

    def call(self) -> Call:
        """`GetSecretValue`."""
        asked = {
            "SecretId": self.name,
            "VersionId": self.version_id,
            "VersionStage": self.version_stage,
        }
        present = {key: value for key, value in asked.items() if value}
        return Call.of(_SERVICE, _TARGET, "GetSecretValue", present)

    def found(self, body: Mapping[str, Any]) -> Found:
        """The secret in a response of `GetSecretValue`."""
        return read_secret(body)

    def matches(self, found: Found) -> bool:
        """Whether a value is of its name or ARN, be it without its suffix, and of its version."""
        named = self.name in (found.name, found.arn, found.arn[: -len(_ANY_SUFFIX)])
        if self.version_id and found.version != self.version_id:
            return False
        if self.version_stage:
            return named and self.version_stage in found.stages
        # An emulator may leave them out.
        return named and bool(self.version_id or not found.stages or _CURRENT in found.stages)

    def missing(self, said: str = "") -> Failed:
        """There is none of its name, or no such version, be it the current one."""
        detail = f"secret {self.name} does not exist in {self.whereabouts}"
        where = "list-secrets"
        if "secret value" in said or not (said or self.is_current):
            detail = (
                f"secret {self.name} with {self._version()} does not exist, though the secret does"
            )
            where = f"list-secret-version-ids --secret-id {self.name}"
        return Failed(
            Kind.MISSING,
            detail + errors.own_words(said),
            "create it, or correct the reference; "
            f"`aws secretsmanager {where}` lists what there is",
        )

    def _version(self) -> str:
        """What was asked for of its versions, in words."""
        version = f"versionId {self.version_id}" if self.version_id else ""
        stage = self.version_stage or ("" if self.version_id else _CURRENT)
        return " and ".join(filter(None, (version, f"versionStage {stage}" if stage else "")))

    def arn(self, place: Place) -> str:
        """Its ARN, with `-??????` at its end where that is not known."""
        if not self.name.startswith("arn:"):
            return place.arn(_SERVICE, f"secret:{self.name}{_ANY_SUFFIX}")
        return self.name if _COMPLETE.search(self.name) else self.name + _ANY_SUFFIX


class SecretsManager(Service):
    """Secrets Manager."""

    name = _SERVICE
    variables = "SECRETS_MANAGER"
    endpoint_url = "AWS_ENDPOINT_URL_SECRETS_MANAGER"
    forms = (
        "secretsmanager:name or arn:aws:secretsmanager:… (with ?versionStage=… or ?versionId=…), "
        "arn:aws:secretsmanager:…:key:stage:version"
    )
    kinds = (Secret,)
    options = ("versionStage", "versionId")
    batch_action = "secretsmanager:BatchGetSecretValue"
    encryption_context = "SecretARN"
    is_fips_in_govcloud = False
    has_ipv6 = True

    def parse(self, text: str, options: Mapping[str, str]) -> Source | None:
        """A secret by name or ARN, with a version."""
        match text.split(":", 5):
            case ["arn", _, "secretsmanager", _, _, resource] if resource.startswith("secret:"):
                return _parse(text, _ARN_CHARACTERS, options)
            case ["secretsmanager", _, *_]:
                return _parse(text.removeprefix("secretsmanager:"), _CHARACTERS, options)
        return None

    def plan(self, sources: Sequence[Source], connections: int) -> list[Job]:
        """Secrets one by one, side by side, as long as there is a connection for each.

        Only beyond that does a batch, which takes a permission of its own, save a round trip.
        """
        secrets = [source for source in sources if isinstance(source, Secret)]
        current = [secret for secret in secrets if secret.is_current]
        together = current if len(secrets) > connections else []
        single = ((secret,) for secret in sources if secret not in together)
        return [*batches(together, LARGEST_BATCH), *single]

    def batch_call(self, job: Job) -> Call:
        """`BatchGetSecretValue`, which takes no versions."""
        names = [secret.name for secret in job]
        return Call.of(_SERVICE, _TARGET, "BatchGetSecretValue", {"SecretIdList": names})

    def read_batch(self, response: Response, job: Job) -> Mapping[Source, Outcome] | Failed:
        """Read what `BatchGetSecretValue` brought; what has failed in it is left out."""
        body = read_json(response, "each of the secrets", job[0].role)
        if isinstance(body, Failed):
            return body
        try:
            found = [read_secret(item) for item in body.get("SecretValues") or ()]
        except (KeyError, TypeError, ValueError):
            return UNEXPECTED
        by_name = {name: each for each in found for name in (each.name, each.arn)}
        secrets = [secret for secret in job if isinstance(secret, Secret)]
        answered = [(secret, by_name[secret.name]) for secret in secrets if secret.name in by_name]
        return {secret: each for secret, each in answered if secret.matches(each)}


def read_secret(body: Mapping[str, Any]) -> Found:
    """A secret as Secrets Manager sends it.

    Raises:
        KeyError, TypeError, ValueError: it is not one.
    """
    name = body["Name"]
    value = body.get("SecretString")
    if value is None:
        value = b64decode(body["SecretBinary"], validate=True)
    return checked(
        Found(
            name=name,
            value=value,
            version=body.get("VersionId") or "",
            type="SecretString" if isinstance(value, str) else "SecretBinary",
            arn=body.get("ARN") or "",
            modified=body.get("CreatedDate") or 0,
            stages=tuple(body.get("VersionStages") or ()),
        )
    )


def _parse(name: str, allowed: frozenset[str], options: Mapping[str, str]) -> Secret:
    check_name(name, allowed)
    given = {each: options[each] for each in SecretsManager.options if each in options}
    if len(given) > 1:
        raise MalformedSource("only one of versionStage and versionId can be given")
    if "" in given.values():
        raise MalformedSource(f"{next(iter(given))} is empty")
    return Secret(name, given.get("versionId", ""), given.get("versionStage", ""))


def _encoded(text: str) -> str:
    return percent.encode(text.encode())
