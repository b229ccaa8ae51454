"""What functions are to have, and what `warmkey policy` says that they need for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.templates.deployment import ACCOUNT, PARTITION, REGION, Permission, permissions
from warmkey.deploy.iam import policy
from warmkey.deploy.secrets import arn
from warmkey.extension.declared import declarations
from warmkey.extension.sources.source import Place

_ROLE = "arn:aws:iam::210987654321:role/reader"
_SECRET = "arn:aws:secretsmanager:us-east-1:210987654321:secret:db"
_TABLE = {
    "stages": {"prod": {"key": "/key/live"}, "dev": {"key": "/key/{stage}"}},
    "fallback": "dev",
    "secrets": {"prices": "/prices", "app": {"ref": "ssm:/app/*", "optional": True}},
}


@dataclass(frozen=True, slots=True)
class Case:
    """What one function is to have.

    Attributes:
        secrets: References by the variables that declare them.
        config: What its warmkey.json holds, if it has one.
        stage: Its stage.
        stages: What `{stage}` becomes.
        kms_key: The key that encrypts its secrets.
    """

    secrets: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, Any] | None = None
    stage: str = ""
    stages: Mapping[str, str] = field(default_factory=dict)
    kms_key: str = ""

    def variables(self) -> dict[str, str]:
        """Those that it gets, as `warmkey attach` sets them."""
        found = {alias: f"warmkey:{reference}" for alias, reference in self.secrets.items()}
        if self.stage:
            found["WARMKEY_STAGE"] = self.stage
        if self.stages:
            found["WARMKEY_STAGES"] = ",".join(f"{k}={v}" for k, v in self.stages.items())
        return found

    def permissions(self) -> set[Permission]:
        """What its role may do, as `warmkey policy` says."""
        config = json.dumps(self.config) if self.config is not None else None
        found = declarations.declared(self.variables(), config, "warmkey.json").all()
        keys = {self.kms_key: arn.sources(found)} if self.kms_key else {}
        place = Place(PARTITION, REGION, ACCOUNT)
        return permissions(policy.document(found, place, keys=keys)["Statement"])


CASES = {
    "nothing": Case(),
    "parameters": Case({"KEY": "/key", "OTHER": "ssm:other:3#a.b", "LABEL": "/x/y:live"}),
    "stage": Case({"KEY": "/key/{stage}"}, stage="featureX", stages={"prod": "live", "*": "test"}),
    "path": Case({"APP": "ssm:/app/{stage}/*"}, stage="dev", kms_key="alias/app"),
    "secrets": Case(
        {"A1": "secretsmanager:db#password", "A2": "secretsmanager:db?versionStage=AWSPREVIOUS"},
        kms_key="1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
    "four secrets": Case({f"S{number}": f"secretsmanager:s{number}" for number in range(4)}),
    "four, of which three in a version": Case(
        {f"S{n}": f"secretsmanager:s{n}?versionStage=AWSPREVIOUS" for n in range(3)}
        | {"S3": "secretsmanager:s3"}
    ),
    "ARNs": Case(
        {
            "A1": f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/p:7",
            "A2": _SECRET,
            "A3": f"{_SECRET}-a1B2c3",
            "A4": "/aws/service/ami",
            "A5": "/aws/reference/secretsmanager/db",
        },
        kms_key=f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/app",
    ),
    "another role": Case({"KEY": f"/key?roleArn={_ROLE}#a", "OWN": "/own"}),
    "optional": Case({"KEY": "/key?optional=true", "OTHER": "/other?default=a%20b"}),
    "table": Case(config=_TABLE, stage="prod"),
    "table and variables": Case(
        {"KEY": "/own/{stage}"}, _TABLE, "featureX", {"prod": "live", "*": "test"}, "alias/app"
    ),
}
