"""The fixture `warmkey_secrets`, for tests of handlers with pytest.

A test that takes it:

    def test_charge_uses_the_key(warmkey_secrets):
        warmkey_secrets["stripeSecretKey"] = "sk_test_1"
        handler(event, None)

It comes with the package, as a plugin.
"""

from collections.abc import Iterator

import pytest

from .testing import Held, secrets


@pytest.fixture
def warmkey_secrets() -> Iterator[Held]:
    """The secrets that `warmkey` reads in this test, by alias; none at first."""
    with secrets() as held:
        yield held
