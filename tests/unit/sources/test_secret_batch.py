"""Several secrets in one answer."""

import pytest

from extension.sources.secretsmanager import Secret, SecretsManager
from tests.fakes.aws_answers import UNEXPECTED, ok, secret


@pytest.mark.parametrize("item", ["SecretString", ["a"], None, 1, {}])
def test_a_batch_with_an_item_that_is_no_secret_is_broken(item: object) -> None:
    """All of it: nothing is raised, and nothing is made of the rest."""
    answer = ok({"SecretValues": [secret(SecretString="a"), item]})
    assert SecretsManager().read_batch(answer, (Secret("db"),)) == UNEXPECTED
