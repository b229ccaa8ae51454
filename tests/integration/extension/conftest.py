"""How the tests of several accounts and regions start the extension."""

from typing import Protocol

import pytest

from tests.fakes.accounts import Accounts
from tests.integration.conftest import Start
from tests.integration.daemon import Daemon


class Begin(Protocol):
    """Starts the daemon in the first of the accounts that the module has."""

    def __call__(self, **variables: str | None) -> Daemon:
        """Start it with the account's variables and these.

        Args:
            variables: Its variables; None takes one away.
        """


@pytest.fixture
def begin(accounts: Accounts, start: Start) -> Begin:
    """Starts the extension in the first account."""

    def begin(**variables: str | None) -> Daemon:
        daemon = start(**{**accounts.environment(), **variables})
        daemon.token = accounts.home.credentials.token or ""
        return daemon

    return begin
