"""A function under SnapStart, as far as the real Rapid core knows of it.

Asked for "init caching", the core hands out its own credentials to whoever has the token in
`AWS_CONTAINER_AUTHORIZATION_TOKEN`. Unlike Lambda it leaves them in everyone's environment too and
does not name the kind of init, so both is done here. It takes no snapshot either: freezing and
thawing what runs, its connections dropped meanwhile, is as near as this machine gets, and the
runtime must not know, as it would wait for the core to tell it of the restore.
"""

from collections.abc import Mapping
from pathlib import Path

from tests.rapid.function import Function
from tests.rapid.layer import EXTENSION
from tests.rapid.runtime import python_bootstrap

_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_UNKNOWN = "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand"
_HANDLER = "app.handler"


class SnapStartFunction(Function):
    """A function that finds credentials as under SnapStart, and in no other way.

    Args:
        package: The function's package, with the handler `app.handler`.
        layer: The layer's tree; its extension is changed.
        environment: The function's own variables, and the credentials that the core hands out.
    """

    _core_options = ("--enable-init-caching",)

    def __init__(self, *, package: Path, layer: Path, environment: Mapping[str, str]) -> None:
        _take_keys_from(layer / EXTENSION)
        unset = [word for name in _KEYS for word in ("-u", name)]
        super().__init__(
            package=package,
            layer=layer,
            environment={**environment, "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"},
            bootstrap=["/usr/bin/env", *unset, _UNKNOWN, *python_bootstrap(_HANDLER)],
        )


def _take_keys_from(extension: Path) -> None:
    """Put a script before the interpreter, in the launcher's place."""
    unset = f"unset {' '.join(_KEYS)}"
    extension.write_text(f"#!/bin/sh\n{unset}\nexec /opt/warmkey/warmkey\n", encoding="utf-8")
