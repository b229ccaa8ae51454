"""Several accounts and regions behind one endpoint: a signature says which one is asked.

with Accounts() as accounts:
there = accounts.at("us-east-1")
there.secrets.put("central", "canary")
subprocess.run([…], env=accounts.home.environment() | accounts.environment())
"""

import re
from contextlib import ExitStack
from typing import Self

from tests.fakes.aws import ACCOUNT, REGION, FakeAws
from tests.fakes.certificates import Certificate
from tests.fakes.http_service import HttpService, Request, Response
from tests.fakes.security_token_service import FakeSts, Role
from tests.fakes.signature import KeyRing, claimed_key_id

OTHER = "210987654321"
"""Another account's digits."""
_SCOPE = re.compile(r"Credential=[^/]+/[0-9]+/([^/]+)/")


class Accounts:
    """Accounts and regions, until the `with` block ends.

    Args:
        certificate: Serve TLS with it; None for plain HTTP.

    Attributes:
        home: Where the function is.
        sts: Knows the roles.
        bundle: Whom a client has to trust; None for plain HTTP.
    """

    def __init__(self, certificate: Certificate | None = None) -> None:
        self._stack = ExitStack()
        self._there: dict[tuple[str, str], FakeAws] = {}
        self._keys: dict[str, KeyRing] = {}
        self._certificate = certificate
        self.home = self.at(REGION)
        self.sts = self._stack.enter_context(FakeSts(self.home.keys, certificate))
        self.bundle = certificate.bundle if certificate else None
        tls = certificate.server_context() if certificate else None
        self._service = self._stack.enter_context(HttpService(self._respond, tls))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for aws in self._there.values():
            aws.faults.release()
        self._stack.close()

    @property
    def port(self) -> int:
        """The endpoint's port, on 127.0.0.1."""
        return self._service.port

    def at(self, region: str, account: str = ACCOUNT) -> FakeAws:
        """The services of a region of an account."""
        if (account, region) not in self._there:
            aws = self._stack.enter_context(FakeAws(region=region, account=account))
            aws.keys = self._keys.setdefault(account, aws.keys)
            self._there[account, region] = aws
        return self._there[account, region]

    def role(self, name: str, account: str = OTHER, external_id: str | None = None) -> str:
        """Make a role that trusts the function; return its ARN."""
        arn = f"arn:aws:iam::{account}:role/{name}"
        keys = self.at(REGION, account).keys
        self.sts.roles[arn] = Role(keys.issue, external_id=external_id)
        return arn

    def environment(self) -> dict[str, str]:
        """The variables that lead an SDK here."""
        home = self.home.environment()
        return home | self.sts.environment() | {"AWS_ENDPOINT_URL": self._service.url}

    def _respond(self, request: Request) -> Response:
        scope = _SCOPE.search(request.headers.get("Authorization", ""))
        region, key_id = (scope[1] if scope else ""), claimed_key_id(request)
        for (account, there), aws in self._there.items():
            if there == region and key_id in self._keys[account]:
                return aws.respond(request)
        return self.home.respond(request)  # which does not know that signature
