"""Zips where Lambda says that they are: behind a URL, of which parts may be asked for."""

import io
import zipfile

from .http_service import HttpService, Request, Response


def zip_that_unpacks_to(size: int) -> bytes:
    """A small zip that takes so many bytes when it is unpacked."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("zeros", "w") as file,
    ):
        for _ in range(size // 2**20):
            file.write(bytes(2**20))
        file.write(bytes(size % 2**20))
    return held.getvalue()


def serve(files: dict[str, bytes], *, ranges: bool = True) -> HttpService:
    """Serve files as S3 does.

    Args:
        files: Each by its path.
        ranges: Whether a part of a file can be asked for.
    """

    def respond(request: Request) -> Response:
        content = files[request.target]
        if not ranges:
            return Response(200, content, "application/zip")
        first, _, last = request.headers["Range"].removeprefix("bytes=").partition("-")
        part = content[int(first) : int(last) + 1]
        told = ("Content-Range", f"bytes {first}-{last}/{len(content)}")
        return Response(206, part, "application/zip", (told,))

    return HttpService(respond)
