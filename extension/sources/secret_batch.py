"""Several secrets in one call; it takes no versions, and a permission of its own.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..http.failure import Failed
from ..http.messages import Response
from . import calls, replies
from .outcome import Outcome
from .source import Secret, Source


def call(secrets: Sequence[Secret]) -> calls.Call:
    """The call that reads up to `calls.LARGEST_SECRET_BATCH` secrets."""
    names = [secret.name for secret in secrets]
    return calls.make_call("secretsmanager", "BatchGetSecretValue", {"SecretIdList": names})


def read(response: Response, secrets: Sequence[Secret]) -> Mapping[Source, Outcome] | Failed:
    """Read the answer to `call`.

    Returns:
        The secrets that it holds; those that failed are left out, to be asked for one by one.
    """
    reply = replies.read_reply(response, "each of the secrets")
    if isinstance(reply, Failed):
        return reply
    try:
        found = [replies.read_secret(item) for item in reply.get("SecretValues") or ()]
    except (KeyError, TypeError, ValueError):
        return replies.UNEXPECTED
    by_name = {name: each for each in found for name in (each.name, each.arn)}
    return {secret: by_name[secret.name] for secret in secrets if secret.name in by_name}
