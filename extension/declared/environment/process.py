"""What the environment says of the process itself: who has started it, and what was handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CONFIG = "/var/task/warmkey.json"
_NOTED_BY_LAUNCHER = {
    "began": "WARMKEY_BEGAN_AT",
    "bound": "WARMKEY_BOUND_AT",
    "registering": "WARMKEY_REGISTERING_AT",
}


@dataclass(frozen=True, slots=True)
class Process:
    """What the environment says of the process itself.

    Attributes:
        runtime_api: the address of Lambda's Runtime API, `host:port`; empty outside Lambda.
        registered: the descriptor of the connection over which the launcher has registered, as
            text; empty where it has not.
        moments: when the launcher had done what, in nanoseconds of `time.monotonic_ns`.
        listen_pid: the process that sockets were handed over to, as text.
        listen_fds: how many, as text. Both are systemd's.
        socket: the path of the Unix socket to serve on instead of the port; maybe empty.
        config: the path of `warmkey.json`.
        config_is_named: whether somebody has named it.
        is_snapshot: whether SnapStart takes a snapshot of the environment after init.
    """

    runtime_api: str
    registered: str
    moments: Mapping[str, int]
    listen_pid: str
    listen_fds: str
    socket: str
    config: str
    config_is_named: bool
    is_snapshot: bool


def read(environ: Mapping[str, str]) -> Process:
    """Read what an environment says.

    Args:
        environ: the process's environment.
    """
    config = environ.get("WARMKEY_CONFIG", "")
    noted = {phase: _nanoseconds(environ, name) for phase, name in _NOTED_BY_LAUNCHER.items()}
    return Process(
        runtime_api=environ.get("AWS_LAMBDA_RUNTIME_API", ""),
        registered=environ.get("WARMKEY_REGISTERED_FD", ""),
        moments={phase: moment for phase, moment in noted.items() if moment is not None},
        listen_pid=environ.get("LISTEN_PID", ""),
        listen_fds=environ.get("LISTEN_FDS", ""),
        socket=environ.get("WARMKEY_SOCKET", "").strip(),
        config=config or CONFIG,
        config_is_named=bool(config),
        is_snapshot=environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start",
    )


def on_laptop(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment with defaults for a laptop: a region, and no caching."""
    given = {name: value for name, value in environ.items() if value}
    return {"AWS_REGION": "local", "WARMKEY_TTL": "0", **given}


def _nanoseconds(environ: Mapping[str, str], name: str) -> int | None:
    """A moment in nanoseconds, or None where the launcher did not write it."""
    text = environ.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
