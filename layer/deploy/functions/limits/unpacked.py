"""How much a function's package and layers take when they are unpacked, which Lambda limits.

Lambda tells only what they take as zips. But it tells where these are, and the list of files at the
end of a zip has their sizes: a few kilobytes of it are read, and only of functions so large that it
matters.
"""

import io
import threading
import urllib.request
import zipfile
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ...account import RETRYING, Account
from ...layers import layer
from ...output.failure import Failure
from ..configuration import Configuration

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

LIMIT = 250 * 1024**2
"""Bytes of a function's package and all its layers, unpacked.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

_DOUBTFUL = LIMIT // 10  # bytes of zips below which no code or library comes near the limit
_TIMEOUT = 10  # seconds
_UNKNOWN = (ClientError, OSError, zipfile.BadZipFile, KeyError)


class Unpacked:
    """Asks Lambda where zips are, and these for their size.

    Args:
        account: The account, in the functions' region.
    """

    def __init__(self, account: Account) -> None:
        self._client: LambdaClient = account.session.client("lambda", config=RETRYING)
        self._layers: dict[str, int] = {}
        self._one_at_a_time = threading.Lock()

    def check(self, before: Configuration, after: Configuration) -> None:
        """Make sure that a function has room for the layers that it is to have.

        What can't be found out is left to Lambda, which refuses what is too large.

        Raises:
            Failure: It has not.
        """
        if set(after.layers) <= set(before.layers) or before.packed < _DOUBTFUL:
            return
        try:
            size = self._package(before.name) + sum(self._layer(arn) for arn in after.layers)
        except _UNKNOWN:
            return
        if size > LIMIT:
            raise Failure(
                f"its package and layers would take {_megabytes(size)} unpacked, and Lambda allows "
                f"{_megabytes(LIMIT)}",
                "make the package or another layer smaller, or deploy it as a container image with "
                "the layer's files in it",
            )

    def _package(self, name: str) -> int:
        return _size(self._client.get_function(FunctionName=name)["Code"]["Location"])

    def _layer(self, arn: str) -> int:
        with self._one_at_a_time:
            if arn not in self._layers:
                version = self._client.get_layer_version(
                    LayerName=layer.without_number(arn), VersionNumber=int(arn.rpartition(":")[2])
                )
                self._layers[arn] = _size(version["Content"]["Location"])
            return self._layers[arn]


class _Remote(io.RawIOBase):
    """A file behind a URL, of which only what is read is fetched."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._at = 0
        with self._fetch(0, 0) as response:
            self._size = int(response.headers["Content-Range"].rpartition("/")[2])

    def seekable(self) -> bool:
        """It can be."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if begin + offset < 0:
            raise OSError(f"there is nothing before the first byte: {begin + offset}")
        self._at = begin + offset
        return self._at

    def tell(self) -> int:
        """The position."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The bytes that follow."""
        end = self._size if size < 0 else min(self._at + size, self._size)
        if self._at >= end:
            return b""
        with self._fetch(self._at, end - 1) as response:
            found: bytes = response.read()
        self._at += len(found)
        return found

    def _fetch(self, first: int, last: int) -> Any:
        asked = urllib.request.Request(self._url, headers={"Range": f"bytes={first}-{last}"})  # noqa: S310
        response = urllib.request.urlopen(asked, timeout=_TIMEOUT)  # noqa: S310
        if response.status != 206:  # the whole file would follow
            response.close()
            raise OSError("ranges are not supported there")
        return response


def _size(url: str) -> int:
    """How much a zip holds.

    Args:
        url: Where Lambda says that it is: https, signed for a few minutes.

    Raises:
        OSError: It could not be read.
        zipfile.BadZipFile: It is no zip.
    """
    with zipfile.ZipFile(_Remote(url)) as archive:
        return sum(each.file_size for each in archive.infolist())


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:.1f} MB"
