"""A function whose first invoke reads one secret, which is ready: what the reading alone takes.

`LAB_WAY` names the way: by Warmkey's client or by `urllib.request`, each with its import.
"""

import os
import time

ALIAS = os.environ["BENCH_PARAMETERS"].partition("=")[0]


def by_client() -> str:
    """As Warmkey's users do."""
    import warmkey

    return warmkey.get(ALIAS)


def by_urllib() -> str:
    """As anybody can, with nothing but the standard library."""
    import urllib.request

    url = f"http://127.0.0.1:{os.environ['WARMKEY_PORT']}/v1/secrets/{ALIAS}"
    token = {"X-Aws-Parameters-Secrets-Token": os.environ["AWS_SESSION_TOKEN"]}
    with urllib.request.urlopen(urllib.request.Request(url, headers=token)) as answer:
        return str(answer.read().decode())


WAYS = {"warmkey": by_client, "urllib": by_urllib}


def handler(_event: object, _context: object) -> dict[str, object]:
    """Read, and tell when that began and was over, in seconds of `time.monotonic`."""
    began = time.monotonic()
    value = WAYS[os.environ["LAB_WAY"]]()
    return {"values": [value], "moments": {"began": began, "values": time.monotonic()}}
