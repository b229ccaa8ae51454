"""An account in which all is well with Warmkey, to be spoilt by a test."""

import io
import zipfile
from collections.abc import Mapping
from functools import partial
from typing import Any

from extension import VERSION
from tests.fakes.iam_simulator import IamSimulator
from tests.fakes.operator import CANARY, PROFILE, Operator

DECLARED = {
    "KEY": "warmkey:/key/{stage}",
    "APP": "warmkey:ssm:/app/*",
    "DB": "warmkey:secretsmanager:db",
    "WARMKEY_STAGE": "live",
    "PLAIN": CANARY,
}
LIMITS: dict[str, Mapping[str, Any]] = {
    "lambda.GetAccountSettings": {"AccountLimit": {"ConcurrentExecutions": 1000}},
    "lambda.ListProvisionedConcurrencyConfigs": {"ProvisionedConcurrencyConfigs": []},
    "ssm.GetServiceSetting": {"ServiceSetting": {"SettingValue": "true"}},
}


class Account:
    """An account in which all is well: everything is stored, encrypted and allowed.

    Args:
        operator: Whose account it is.
    """

    def __init__(self, operator: Operator) -> None:
        self.operator = operator
        kms = operator.client("kms")
        self.key: str = kms.create_key()["KeyMetadata"]["Arn"]
        for name in ("/key/live", "/app/mail"):
            operator.client("ssm").put_parameter(
                Name=name, Value=CANARY, Type="SecureString", KeyId=self.key
            )
        operator.client("secretsmanager").create_secret(Name="db", SecretString=CANARY)
        role = operator.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
        self._role: str = role["Role"]["Arn"]
        layer = operator.client("lambda").publish_layer_version(
            LayerName="warmkey-x86_64",
            Description=f"Warmkey {VERSION}",
            Content={"ZipFile": _zip()},
        )
        self._layer: str = layer["LayerVersionArn"]
        self.simulator = IamSimulator(operator.client("iam"))
        operator.answer("iam.SimulatePrincipalPolicy", self.simulator.answer)
        for action, answer in LIMITS.items():
            operator.answer(action, partial(_always, answer))

    def function(self, name: str = "billing", **changes: Any) -> None:
        """Create a function that has the layer, and whose role may read what it declares."""
        described = {
            "Layers": [self._layer],
            "Environment": {"Variables": DECLARED},
            "Timeout": 30,
            **changes,
        }
        self.operator.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self._role,
            Handler="a.handler",
            Code={"ZipFile": _zip()},
            **described,
        )

    def allow(self, *arguments: str) -> None:
        """Give the role what `warmkey policy` prints, for what the function declares."""
        secrets = [f"{k}={v}" for k, v in DECLARED.items() if v.startswith("warmkey:")]
        asked = [part for secret in secrets for part in ("--secret", secret)]
        printed = self.operator.run(
            "policy", *asked, "--stage", "live", "--profile", PROFILE, *arguments
        )
        self.operator.client("iam").put_role_policy(
            RoleName="r", PolicyName="warmkey", PolicyDocument=printed.stdout
        )


def _always(answer: Mapping[str, Any], _: Mapping[str, Any]) -> Mapping[str, Any]:
    return answer


def _zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.py", "")
    return content.getvalue()
