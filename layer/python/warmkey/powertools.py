"""A parameter provider for Powertools: Warmkey's secrets, with its transforms and its `max_age`.

    from warmkey.powertools import WarmkeyProvider

    secrets = WarmkeyProvider()
    secrets.get("stripeSecretKey")
    secrets.get("database", transform="json", max_age=60)

Importable where aws-lambda-powertools is, boto3 or not.
https://docs.aws.amazon.com/powertools/python/latest/utilities/parameters/
"""

import sys
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any

from . import _client
from .client import Client

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters.types import TransformOptions

_PARAMETERS = "aws_lambda_powertools.utilities.parameters"


def _defer_boto3() -> None:
    """Let the package of Powertools' own providers wait until one of them is asked for.

    It imports them all, and with them boto3, for 0.25 s of a cold start; we need two of its modules
    that don't. Those can be imported once the package is there, run or not.
    """
    spec = find_spec(_PARAMETERS)
    if spec is None or spec.loader is None:
        return  # not as we know it: what is imported next says what is wrong
    loader, package = spec.loader, module_from_spec(spec)

    def run_for(name: str) -> object:
        if name.startswith("__") and name != "__all__":
            raise AttributeError(name)
        del vars(package)["__getattr__"]
        try:
            loader.exec_module(package)
        except BaseException:
            vars(package)["__getattr__"] = run_for
            raise
        return getattr(package, name)

    vars(package)["__getattr__"] = run_for
    sys.modules[_PARAMETERS] = package
    parent, _, name = _PARAMETERS.rpartition(".")
    setattr(sys.modules[parent], name, package)


if _PARAMETERS not in sys.modules:
    _defer_boto3()

from aws_lambda_powertools.utilities.parameters.base import BaseProvider  # noqa: E402
from aws_lambda_powertools.utilities.parameters.exceptions import SetParameterError  # noqa: E402


class WarmkeyProvider(BaseProvider):
    """Gets secrets from the Warmkey layer.

    `max_age` (5 s by default, as everywhere in Powertools) is how long this provider keeps a value,
    beyond what the extension's time to live allows. What goes wrong is a `GetParameterError` with
    the message of the `WarmkeyError` behind it.

    Args:
        client: Where to read; this process's own client where there is none.
    """

    def __init__(self, client: Client | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._client = client or _client

    def get(
        self,
        name: str,
        max_age: int | None = None,
        transform: "TransformOptions" = None,
        force_fetch: bool = False,
        **options: Any,
    ) -> Any:
        """Get a secret.

        Args:
            name: The alias.
            max_age: Seconds for which to keep it here.
            transform: `json`, `binary` (from base64), or `auto`, by the end of the alias.
            force_fetch: Whether it has to come from AWS, however fresh the one at hand is.
            options: None; an alias says all there is to say.

        Returns:
            Its text, bytes if it is binary, or what the transform makes of it.

        Raises:
            GetParameterError: It could not be had.
            TransformParameterError: The transform does not fit it.
        """
        return super().get(name, max_age, transform, force_fetch, refresh=force_fetch, **options)

    def get_multiple(
        self,
        path: str,
        max_age: int | None = None,
        transform: "TransformOptions" = None,
        raise_on_transform_error: bool = False,
        force_fetch: bool = False,
        **options: Any,
    ) -> Any:
        """Get every secret whose alias lies below a path, as `db/password` does below `db`.

        Args:
            path: The path; empty or `/` for every secret.
            max_age: Seconds for which to keep them here.
            transform: As for `get`; `auto` goes by the end of each alias.
            raise_on_transform_error: Whether a transform that does not fit fails, rather than give
                None for that secret.
            force_fetch: Whether they have to come from AWS, for which each is a call.
            options: None.

        Returns:
            The secrets, by what follows the path in their aliases.

        Raises:
            GetParameterError: One of them, or the list of them, could not be had.
            TransformParameterError: A transform does not fit, and that was to fail.
        """
        return super().get_multiple(
            path,
            max_age,
            transform,
            raise_on_transform_error,
            force_fetch,
            refresh=force_fetch,
            **options,
        )

    def set(self, name: str, value: Any, **options: Any) -> Any:  # noqa: ARG002 - nothing is set
        """Raise a `SetParameterError`: Warmkey only reads."""
        raise SetParameterError(
            f"{name!r} can't be set through Warmkey, which only reads: set it in AWS, as with"
            " `warmkey put`"
        )

    def _get(self, name: str, *, refresh: bool = False, **options: Any) -> str | bytes:
        _refuse(options)
        return self._client.read(name, refresh=refresh)

    def _get_multiple(self, path: str, *, refresh: bool = False, **options: Any) -> Any:
        _refuse(options)
        below = f"{path.strip('/')}/".lstrip("/")
        aliases = [alias for alias in self._client.get_all() if alias.startswith(below)]
        return {
            alias.removeprefix(below): self._client.read(alias, refresh=refresh)
            for alias in aliases
        }


def _refuse(options: dict[str, Any]) -> None:
    if options:
        raise TypeError(f"WarmkeyProvider takes no {', '.join(options)}: its reference says it all")
