"""Sources: what is read upstream.

Each kind of source is a class here in `sources`, each `Service` an object: its grammar, calls,
responses, permissions and ARNs. Whatever else there is takes them as they come; `services` lists
them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

from ..http.failure import Failed, Kind
from ..http.messages import Response
from ..http.scrubber import one_line
from .calls import Call
from .responses.errors import LONGEST_MESSAGE
from .responses.json_response import UNEXPECTED, read_json
from .responses.outcome import Found, Outcome

Result = TypeVar("Result")
Steps = Generator[Any, Any, Result]
"""What comes to an outcome in steps, between which whoever runs it may do other things."""


class Ask(Protocol):
    """Makes a call as often as it takes."""

    def __call__(
        self, call: Call, read: Callable[[Response], Result | Failed]
    ) -> Steps[Result | Failed]:
        """What was read from the response, or why there is nothing.

        Args:
            call: what to ask.
            read: reads a response.
        """


@dataclass(frozen=True, slots=True)
class Place:
    """Where names are looked up that aren't ARNs themselves.

    Attributes:
        partition: `aws`, `aws-cn`, `aws-us-gov` and the like.
        region: such as `eu-central-1`.
        account: twelve digits.
    """

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource that lies here."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


class Source(ABC):
    """What is read as one, and is an outcome then. Equal sources are the same one.

    Attributes:
        name: its name upstream.
        role: the ARN of the role that reads it; empty for whoever runs here.
        service: the name of the service that has it.
        statement: what a policy calls the permission to read sources of this kind.
        actions: the actions that read it, each of which is a permission of its own.
    """

    __slots__ = ()

    name: str
    role: str = ""
    service: ClassVar[str]
    statement: ClassVar[str]
    actions: ClassVar[tuple[str, ...]]

    @property
    def is_path(self) -> bool:
        """Whether it is many values, each by a name of its own."""
        return False

    @property
    def synonym(self) -> Source:
        """The source of the very same value that is asked for most simply; mostly itself."""
        return self

    @property
    def region(self) -> str:
        """The region that it names itself, by its ARN; empty where it names none."""
        return self.name.split(":", 5)[3] if self.name.startswith("arn:") else ""

    @property
    def whereabouts(self) -> str:
        """Where it is looked for, in words."""
        if self.role:
            return f"the account of {self.role}"
        return "its account and region" if self.region else "this account and region"

    @property
    def role_option(self) -> str:
        """The option of a reference that says who reads it; empty where that is who runs here."""
        return f"roleArn={self.role}" if self.role else ""

    @abstractmethod
    def text(self) -> str:
        """How somebody would declare it."""

    @abstractmethod
    def call(self) -> Call:
        """The first call that reads it."""

    @abstractmethod
    def fetch(self, ask: Ask, _clock: Callable[[], float]) -> Steps[Outcome]:
        """Read it.

        Args:
            ask: makes its calls.
            _clock: the time, in seconds since the epoch.
        """

    @abstractmethod
    def arn(self, place: Place) -> str:
        """The ARN that IAM checks a read of it against; it may hold `?`.

        Args:
            place: where its name is looked up.
        """


class SingleSource(Source):
    """A source that is one value, which one call reads."""

    __slots__ = ()

    @abstractmethod
    def missing(self, said: str = "") -> Failed:
        """The failure where there is none of its name, or no such version of it.

        Args:
            said: the service's error, `Code: message`; empty where it gave none.
        """

    @abstractmethod
    def found(self, body: Mapping[str, Any]) -> Found:
        """The value in a response to its call.

        Raises:
            KeyError, TypeError, ValueError: it is no such response.
        """

    @abstractmethod
    def matches(self, found: Found) -> bool:
        """Whether a value is of the name or ARN, and of the version, that was asked for."""

    def fetch(self, ask: Ask, _clock: Callable[[], float]) -> Steps[Outcome]:
        """Read it, by one call."""
        return ask(self.call(), self.read)

    def read(self, response: Response) -> Found | Failed:
        """Read the response to its call."""
        body = read_json(response, self.name, self.role)
        if isinstance(body, Failed):
            return self.missing(body.detail) if body.kind is Kind.MISSING else body
        try:
            found = self.found(body)
        except (KeyError, TypeError, ValueError):
            return UNEXPECTED
        if self.matches(found):
            return found
        answered = one_line(f"{found.arn or found.name} {found.version}".rstrip(), LONGEST_MESSAGE)
        return Failed(Kind.INVALID, f"{self.text()} was asked for, and {answered} was answered")
