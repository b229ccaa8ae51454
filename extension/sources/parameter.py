"""Parameters of SSM Parameter Store, one by one and in batches.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..http.failure import Failed, Kind
from ..http.messages import Response
from .calls import Call
from .name import ALPHANUMERIC, query
from .responses import errors
from .responses.json_response import UNEXPECTED, checked, read_json
from .responses.outcome import Found, Outcome
from .source import Place, SingleSource, Source

SERVICE, TARGET = "ssm", "AmazonSSM"
CHARACTERS = ALPHANUMERIC | frozenset("/_.-")
LARGEST_BATCH = 10  # names in one GetParameters call
_PUBLIC = "/aws/service/"  # of AWS's own account
SECRET_PREFIX = "/aws/reference/secretsmanager/"  # noqa: S105 (a secret's name follows)


@dataclass(frozen=True, slots=True)
class Parameter(SingleSource):
    """One SSM parameter.

    Attributes:
        name: its name, path or ARN.
        selector: a version number, a label, or empty for the latest version.
        decrypt: whether a SecureString is decrypted; only the drop-in API can ask otherwise.
        role: see `Source`.
    """

    service = SERVICE
    statement = "ReadParameters"
    # The one reads a single one and, where one name spoils a batch, the rest; the other a batch.
    actions = ("ssm:GetParameter", "ssm:GetParameters")

    name: str
    selector: str = ""
    decrypt: bool = True
    role: str = ""

    @property
    def wire_name(self) -> str:
        """The `Name` that SSM takes for it: the selector, if any, after a colon."""
        return f"{self.name}:{self.selector}" if self.selector else self.name

    def text(self) -> str:
        """How somebody would declare it."""
        prefix = "" if self.name.startswith(("/", "arn:")) else "ssm:"
        return f"{prefix}{self.wire_name}{query(self.role_option)}"

    def call(self) -> Call:
        """`GetParameter`."""
        body = {"Name": self.wire_name, "WithDecryption": self.decrypt}
        return Call.of(SERVICE, TARGET, "GetParameter", body)

    def found(self, body: Mapping[str, Any]) -> Found:
        """The parameter in a response of `GetParameter`."""
        return read_parameter(body["Parameter"])

    def matches(self, found: Found) -> bool:
        """Whether a value is of its name or ARN, and of its version or label."""
        if self.name.startswith(SECRET_PREFIX):  # whose version is a secret's, and follows the name
            return found.name.partition(":")[0] == self.name
        named = self.name in (found.name, found.arn) or found.name.lstrip("/") == self.name
        if self.selector.isdigit():
            return named and found.version == self.selector
        selector = found.selector or f":{self.selector}"  # an emulator may leave it out
        return named and selector == f":{self.selector}"

    def missing(self, said: str = "") -> Failed:
        """There is none of its name, or no such version or label."""
        detail = f"SSM parameter {self.wire_name} does not exist in {self.whereabouts}"
        where = "describe-parameters"
        if said.startswith("ParameterVersionNotFound"):
            detail = f"SSM parameter {self.wire_name} does not exist, though the parameter does"
        elif self.selector and not said:  # a batch does not tell which
            detail += ", or has no such version or label"
        if self.selector and not said.startswith("ParameterNotFound"):
            where = f"get-parameter-history --name {self.name}"
        return Failed(
            Kind.MISSING,
            detail + errors.own_words(said),
            f"create it, or correct the reference; `aws ssm {where}` lists what there is",
        )

    def arn(self, place: Place) -> str:
        """Its ARN."""
        return self.name if self.name.startswith("arn:") else arn_of(self.name, place)


def arn_of(name: str, place: Place) -> str:
    """The ARN of a parameter or path by its name."""
    if name.startswith(_PUBLIC):
        place = Place(place.partition, place.region, "")
    return place.arn(SERVICE, f"parameter/{name.lstrip('/')}")


def batch_call(parameters: Sequence[Parameter]) -> Call:
    """The call that reads up to `LARGEST_BATCH` parameters."""
    names = [parameter.wire_name for parameter in parameters]
    return Call.of(SERVICE, TARGET, "GetParameters", {"Names": names, "WithDecryption": True})


def read_batch(
    response: Response, parameters: Sequence[Parameter]
) -> Mapping[Source, Outcome] | Failed:
    """Read the response to `batch_call`.

    Parameters come in any order, so they are matched by name and selector.

    Returns:
        The outcome of each parameter that the response speaks of, or why the whole call failed.
    """
    body = read_json(response, "each of the parameters", parameters[0].role)
    if isinstance(body, Failed):
        return body
    try:
        # An emulator may send null for an empty list.
        found = _by_name_and_selector(body.get("Parameters") or ())
        invalid = set(body.get("InvalidParameters") or ())
    except (KeyError, TypeError, ValueError):
        return UNEXPECTED
    outcomes: dict[Source, Outcome] = {}
    for parameter in parameters:
        selector = f":{parameter.selector}" if parameter.selector else ""
        if (parameter.name, selector) in found:
            outcomes[parameter] = found[parameter.name, selector]
        elif parameter.wire_name in invalid:
            outcomes[parameter] = parameter.missing()
    return outcomes


def _by_name_and_selector(items: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Found]:
    """Every name and selector that an item answers to.

    An emulator may leave the selector out: then the item answers to its version's number, and
    the highest version to no selector at all.
    """
    found: dict[tuple[str, str], Found] = {}
    for item in sorted(items, key=lambda item: -item["Version"]):
        value = read_parameter(item)
        for name in (value.name, value.arn):
            for selector in (value.selector, f":{value.version}"):
                found.setdefault((name, selector), value)
    return found


def read_parameter(item: Mapping[str, Any]) -> Found:
    """A parameter as SSM sends it; a binary secret that it refers to has no value here.

    Raises:
        KeyError, TypeError, ValueError: it is not one.
    """
    return checked(
        Found(
            name=item["Name"],
            value=item["Value"],
            version=f"{item['Version']:d}",  # and nothing but a whole number
            type=item["Type"],
            arn=item.get("ARN") or "",
            modified=item.get("LastModifiedDate") or 0,
            selector=item.get("Selector") or "",
            data_type=item.get("DataType") or "",
            source_result=item.get("SourceResult"),
        )
    )
