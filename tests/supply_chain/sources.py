"""Where Python packages come from is the user's choice; which they are is the locks' alone.

pip and uv read dozens of settings. Those that say where packages are (indexes, proxies,
certificates, caches) are kept. Those that say which, how or where to (constraints, overrides,
dates, a target folder) would make another environment, or none, and are taken away. uv does not
read pip's configuration, so what it says is told to uv in uv's own variables:
https://pip.pypa.io/en/stable/topics/configuration/, https://docs.astral.sh/uv/reference/environment/
"""

import ast
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

_UV_OF_PIP = {
    "index-url": "UV_INDEX_URL",
    "extra-index-url": "UV_EXTRA_INDEX_URL",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "retries": "UV_HTTP_RETRIES",
}
_KEPT_OF_PIP = {*_UV_OF_PIP, "cache-dir", "no-cache-dir", "keyring-provider", "no-index"}
_KEPT_OF_UV = re.compile(
    "UV_(CACHE_DIR|NO_CACHE|OFFLINE|LINK_MODE|NO_PROGRESS|CREDENTIALS_DIR|KEYRING_PROVIDER"
    "|DEFAULT_INDEX|EXTRA_INDEX_URL|FIND_LINKS|INSECURE_HOST|NATIVE_TLS|SYSTEM_CERTS"
    "|CONCURRENT_.*|HTTP_.*|INDEX|INDEX_URL|INDEX_.*_(USERNAME|PASSWORD))"
)
# No file of settings is read. The newest of all indexes counts, as for pip: uv alone would look no
# further than the first index that knows the package, though it lacks the locked version.
_SET_FOR_UV = {
    "UV_INDEX_STRATEGY": "unsafe-best-match",
    "UV_NO_CONFIG": "1",
    "UV_PREVIEW_FEATURES": "build-dependency-hashes",
    "UV_PYTHON_DOWNLOADS": "never",
}
# As `pip config list` prints them: those of a command come after the global ones, and variables
# after files.
_SETTING = re.compile(r"(global|install|:env:)\.([a-z-]+)=(.*)")
_SECTIONS = ("global", "install", ":env:")


class PackagesUnavailable(Exception):
    """pip or uv failed; the message says at what, and its own words stand on standard error."""


def pip_configuration(python: str | Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What pip is configured to use when it installs, by files and variables.

    Args:
        python: The interpreter whose pip is asked.
        environ: The environment variables.

    Returns:
        The values of the settings that say where packages are, by pip's names, e.g. `index-url`.

    Raises:
        PackagesUnavailable: pip can't read its configuration.
    """
    command = [python, "-m", "pip", "config", "list"]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise PackagesUnavailable(f"{' '.join(map(str, command))} failed: see its message above")
    lines = done.stdout.splitlines()
    settings = [found.groups() for found in map(_SETTING.fullmatch, lines) if found]
    settings.sort(key=lambda setting: _SECTIONS.index(setting[0]))
    values = ((key, str(ast.literal_eval(value))) for _, key, value in settings)
    return {key: value for key, value in values if key in _KEPT_OF_PIP and value}


def for_pip(configuration: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which pip takes packages from where it is configured to, and no more.

    Args:
        configuration: As `pip_configuration` returns it.
        environ: The environment variables.
    """
    others = {key: value for key, value in environ.items() if not key.startswith("PIP_")}
    kept = {f"PIP_{key.upper().replace('-', '_')}": value for key, value in configuration.items()}
    return {**others, **kept, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def for_uv(configuration: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which uv takes packages from where pip does, or its variables say.

    Args:
        configuration: As `pip_configuration` returns it.
        environ: The environment variables. Where they say otherwise, they win.
    """
    kept = {
        key: value
        for key, value in environ.items()
        if not key.startswith("UV_") or _KEPT_OF_UV.fullmatch(key)
    }
    of_pip = {_UV_OF_PIP[key]: value for key, value in configuration.items() if key in _UV_OF_PIP}
    if "UV_FIND_LINKS" in of_pip:
        of_pip["UV_FIND_LINKS"] = _links(of_pip["UV_FIND_LINKS"])
    return {**of_pip, **kept, **_SET_FOR_UV}


def _links(links: str) -> str:
    """As uv wants them: with commas, and without folders that aren't there, which pip ignores."""
    return ",".join(link for link in links.split() if "://" in link or Path(link).is_dir())
