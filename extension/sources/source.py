"""Sources: what is read upstream, and the services that have it.

Each kind of source is a class here in `sources`, each service an object: its grammar, calls,
replies, permissions and ARNs. Whatever else there is takes them as they come; `services` lists
them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping, Sequence
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
"""What comes to an answer in steps, between which whoever runs it may do other things."""

ALPHANUMERIC = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_LONGEST_NAME = 2048


class MalformedSource(ValueError):
    """The text has a form of the service's, and is none; the message says why."""


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
        """The value in a reply to its call.

        Raises:
            KeyError, TypeError, ValueError: it is no such reply.
        """

    @abstractmethod
    def matches(self, found: Found) -> bool:
        """Whether a value is of the name or ARN, and of the version, that was asked for."""

    def fetch(self, ask: Ask, _clock: Callable[[], float]) -> Steps[Outcome]:
        """Read it, by one call."""
        return ask(self.call(), self.read)

    def read(self, response: Response) -> Found | Failed:
        """Read the response to its call."""
        body = read_json(response, self.name)
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


Job = tuple[Source, ...]
"""Sources of one service that are read together: one, or a batch."""


class Service(ABC):
    """A service that has sources, of one kind or several.

    Attributes:
        name: its name in host names, signatures and references.
        variables: what its variables of AWS's Parameters and Secrets extension begin with.
        endpoint_url: the SDKs' variable for its own endpoint.
        forms: the forms of its references, for people.
        kinds: the classes of its sources.
        options: what a reference may have after `?`, besides the options of all references.
        batch_action: the action that reads a batch where that is a permission of its own.
        encryption_context: the key of the encryption context of its values.
    """

    name: ClassVar[str]
    variables: ClassVar[str]
    endpoint_url: ClassVar[str]
    forms: ClassVar[str]
    kinds: ClassVar[tuple[type[Source], ...]]
    options: ClassVar[tuple[str, ...]] = ()
    batch_action: ClassVar[str] = ""
    encryption_context: ClassVar[str] = ""

    @abstractmethod
    def parse(self, text: str, options: Mapping[str, str]) -> Source | None:
        """The source of a reference; None where the text has none of the service's forms.

        Args:
            text: what the reference has before its `?`.
            options: what follows it; what is not the service's own is refused afterwards.

        Raises:
            MalformedSource: it has one, and is wrong.
        """

    def plan(self, sources: Sequence[Source], _connections: int) -> list[Job]:
        """Divide its sources into jobs: unless it knows better, one for each.

        Args:
            sources: what to read, each once.
            _connections: how many connections to it there may be.
        """
        return [(source,) for source in sources]

    def batch_call(self, job: Job) -> Call:
        """The call that reads a job of several sources."""
        raise NotImplementedError(f"{self.name} reads no batches")

    def read_batch(self, response: Response, job: Job) -> Mapping[Source, Outcome] | Failed:
        """Read the response to `batch_call`.

        Returns:
            The outcomes that it holds, others are asked for one by one; or why the call failed.
        """
        raise NotImplementedError(f"{self.name} reads no batches")


def batches(sources: Sequence[Source], size: int) -> list[Job]:
    """Jobs of so many sources at most."""
    return [tuple(sources[i : i + size]) for i in range(0, len(sources), size)]


def query(*options: str) -> str:
    """The options of a reference, from `?` on; those that are empty are none."""
    given = "&".join(filter(None, options))
    return f"?{given}" if given else ""


def check_name(name: str, allowed: frozenset[str]) -> None:
    """Check a name in a reference.

    Raises:
        MalformedSource: it is empty, too long, or has other characters than those allowed.
    """
    if not name.strip("/"):
        raise MalformedSource("the name is empty")
    if len(name) > _LONGEST_NAME:
        raise MalformedSource(f"the name is longer than {_LONGEST_NAME} characters")
    if strange := sorted(set(name) - allowed):
        raise MalformedSource(f"{' '.join(strange[:9])!r} is not allowed in a name")
