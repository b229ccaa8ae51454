"""SSM Parameter Store: the forms of its references, and what it reads together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..http.failure import Failed
from ..http.messages import Response
from . import parameter
from .calls import Call
from .name import MalformedSource, check_name
from .parameter import Parameter
from .parameter_path import ParameterPath
from .responses.outcome import Outcome
from .service import Job, Service, batches
from .source import Source

_ARN_CHARACTERS = parameter.CHARACTERS | frozenset("+=@!:")


class ParameterStore(Service):
    """SSM Parameter Store."""

    name = parameter.SERVICE
    variables = "SSM_PARAMETER_STORE"
    endpoint_url = "AWS_ENDPOINT_URL_SSM"
    forms = "/name, ssm:name, ssm:name:version-or-label, ssm:/path/*, arn:aws:ssm:…"
    kinds = (Parameter, ParameterPath)
    encryption_context = "PARAMETER_ARN"

    def parse(self, text: str, _options: Mapping[str, str]) -> Source | None:
        """A parameter or a path, by name or ARN."""
        match text.split(":", 5):
            case ["arn", _, "ssm", _, _, resource] if resource.startswith("parameter/"):
                name, colon, selector = resource.partition(":")
                prefix = text[: len(text) - len(resource)]
                return _parse(prefix + name, colon, selector, _ARN_CHARACTERS)
            case ["ssm", _, *_]:
                pass
            case [name, *_] if name.startswith("/"):
                pass
            case _:
                return None
        return _parse(*text.removeprefix("ssm:").partition(":"), parameter.CHARACTERS)

    def plan(self, sources: Sequence[Source], _connections: int) -> list[Job]:
        """Parameters in batches, paths each by itself."""
        parameters = [source for source in sources if isinstance(source, Parameter)]
        others = [source for source in sources if not isinstance(source, Parameter)]
        return [*batches(parameters, parameter.LARGEST_BATCH), *((each,) for each in others)]

    def batch_call(self, job: Job) -> Call:
        """`GetParameters`."""
        return parameter.batch_call([each for each in job if isinstance(each, Parameter)])

    def read_batch(self, response: Response, job: Job) -> Mapping[Source, Outcome] | Failed:
        """Read what `GetParameters` brought."""
        return parameter.read_batch(response, [each for each in job if isinstance(each, Parameter)])


def _parse(name: str, colon: str, selector: str, allowed: frozenset[str]) -> Source:
    if name.endswith("/*"):
        return _path(name.removesuffix("/*"), colon)
    check_name(name, allowed)
    if colon and (not selector or not set(selector) <= parameter.CHARACTERS - {"/"}):
        raise MalformedSource("what follows the name's colon is neither a version nor a label")
    return Parameter(name, selector)


def _path(path: str, colon: str) -> ParameterPath:
    if colon:
        raise MalformedSource("a path takes neither a version nor a label")
    if not path.strip("/"):
        raise MalformedSource("a path of / alone is every parameter of the account; name one below")
    if not path.startswith("/"):
        raise MalformedSource("a path must begin with /, as in ssm:/app/prod/*")
    check_name(path, parameter.CHARACTERS)
    return ParameterPath(path)
