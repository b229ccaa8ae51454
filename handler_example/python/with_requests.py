"""The same parameter over HTTP with `requests`, by the API of AWS's own extension."""

import os

import requests

_PORT = os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773")
_extension = requests.Session()
_extension.trust_env = False  # no proxy of the environment gets to see the token and the secret
_extension.headers["X-Aws-Parameters-Secrets-Token"] = os.environ["AWS_SESSION_TOKEN"]


def parameter(name: str) -> str:
    """Reads a parameter, decrypted. Ask each time you need it: the extension keeps it."""
    answer = _extension.get(
        f"http://localhost:{_PORT}/systemsmanager/parameters/get",
        params={"name": name, "withDecryption": "true"},
        timeout=10,
    )
    answer.raise_for_status()
    value: str = answer.json()["Parameter"]["Value"]
    return value
