"""What end-to-end tests share."""

import pytest

from tests.rapid import namespaces


@pytest.fixture(scope="session")
def namespaces_granted() -> None:
    """Lets a test run on AWS's Rapid core, or skips it and says what would change that."""
    try:
        namespaces.isolation()
    except namespaces.NamespacesRefused as refusal:
        pytest.skip(str(refusal))
