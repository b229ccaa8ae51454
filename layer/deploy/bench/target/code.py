"""A function's code: fetched from where Lambda keeps it, to be given to a copy."""

import base64
import hashlib
from urllib.error import URLError
from urllib.request import urlopen

from ...output.failure import Failure
from .original import Original

LARGEST = 50 * 1024 * 1024
"""Bytes of a zip that can be given directly; a larger one goes by way of a bucket.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

_READ_TIMEOUT = 60  # seconds without a byte


def fetch(original: Original) -> bytes:
    """The zip with the code of a function.

    The address is signed, and gives the code to whoever has it, so no error repeats it.

    Raises:
        Failure: It is too large to be given to a copy, or can't be had.
    """
    size = int(original.described.get("CodeSize", 0))
    if size > LARGEST:
        raise Failure(
            f"its code is {size / 1024**2:.0f} MB, and Lambda accepts at most "
            f"{LARGEST / 1024**2:.0f} MB for a copy without a bucket",
            "measure the function itself (--in-place)",
        )
    address: str = original.response.get("Code", {}).get("Location", "")
    if not address.startswith(("https:", "http:")):
        raise Failure(
            "Lambda does not hand out its code", "measure the function itself (--in-place)"
        )
    try:
        with urlopen(address, timeout=_READ_TIMEOUT) as response:  # noqa: S310 (a scheme of the web)
            code: bytes = response.read(LARGEST + 1)
    except (URLError, OSError) as error:
        why = getattr(error, "reason", "") or type(error).__name__
        raise Failure(
            f"its code can't be fetched: {why}", "check the network and its proxies, and try again"
        ) from None
    digest = base64.b64encode(hashlib.sha256(code).digest()).decode()
    if digest != original.described.get("CodeSha256", digest):
        raise Failure(
            "its code does not match its checksum: somebody may have just deployed",
            "run this again",
        )
    return code
