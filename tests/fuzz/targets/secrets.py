"""`secretsmanager`: nobody gets another's value."""

import json

from extension.http.failure import Failed
from extension.sources.responses.outcome import Found
from extension.sources.secretsmanager import Secret, SecretsManager
from tests.fuzz.answers import assert_failed_safely, assert_servable, parse_answer
from tests.fuzz.target import CANARY, Target

_ARN = "arn:aws:secretsmanager:eu-west-1:1:secret:a-AbCdEf"
_ASKED = (Secret("a"), Secret("b"), Secret(_ARN))


def attempt(data: bytes) -> None:
    """Read an answer as that of BatchGetSecretValue, and as that of GetSecretValue."""
    response = parse_answer(data)
    outcomes = SecretsManager().read_batch(response, _ASKED)
    if isinstance(outcomes, Failed):
        assert_failed_safely(outcomes)
    else:
        for secret, outcome in outcomes.items():
            assert isinstance(secret, Secret)
            assert isinstance(outcome, Found)
            assert secret.name in (outcome.name, outcome.arn)
            _check_value(outcome, json.loads(response.body)["SecretValues"])
            assert_servable(outcome, secret)
    single = _ASKED[0].read(response)
    if isinstance(single, Failed):
        assert_failed_safely(single)
    else:
        named = single.name.partition(":")[0].lstrip("/")  # some put the selector after it
        assert named == "a" or "a" in (single.name, single.arn)
        assert_servable(single, _ASKED[0])


def _check_value(outcome: Found, items: list[dict[str, object]]) -> None:
    """An item of that name brought the value."""
    if isinstance(outcome.value, str):
        assert any(
            item.get("SecretString") == outcome.value and item["Name"] == outcome.name
            for item in items
        )


TARGET = Target(
    "secrets",
    attempt,
    [
        *('"SecretValues":', '"Errors":', '"SecretString":', '"SecretBinary":', '"VersionId":'),
        *('"VersionStages":', '"CreatedDate":', '"Name":', '"ARN":', f'"{_ARN}"', '"a"', '"b"'),
        *('"AWSCURRENT"', '"__type":', '"Message":', CANARY, "\\ud800"),
    ],
    json=True,
    longest=4096,
)
