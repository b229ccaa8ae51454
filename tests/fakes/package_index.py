"""A package index on loopback, of made-up packages.

https://packaging.python.org/en/latest/specifications/simple-repository-api/
"""

from collections.abc import Iterable

from tests.closing import Closing
from tests.fakes.certificates import Certificate
from tests.fakes.distribution import Distribution
from tests.fakes.http_service import HttpService, Request, Response


class FakePackageIndex(Closing):
    """Offers distributions to pip and uv.

    Args:
        distributions: What it offers from the beginning.
        certificate: Serve TLS with it; None for plain HTTP.
    """

    def __init__(
        self, distributions: Iterable[Distribution] = (), certificate: Certificate | None = None
    ) -> None:
        self._offered: dict[str, dict[str, Distribution]] = {}
        for distribution in distributions:
            self.offer(distribution)
        self.downloaded: list[str] = []
        """The names of the files that were downloaded, in order."""
        self.requests = 0
        """How many requests came, for whatever."""
        tls = certificate.server_context() if certificate else None
        self._service = HttpService(self._respond, tls)

    def close(self) -> None:
        """Stop listening, and close every connection."""
        self._service.close()

    @property
    def url(self) -> str:
        """What `--index-url` takes."""
        return f"{self._service.url}/simple/"

    def offer(self, distribution: Distribution) -> None:
        """Offer one more."""
        files = self._offered.setdefault(distribution.project, {})
        files[distribution.file_name] = distribution

    def withdraw(self, project: str) -> Iterable[Distribution]:
        """Offer nothing of a project any more; return what was."""
        return self._offered.pop(project).values()

    def _respond(self, request: Request) -> Response:
        self.requests += 1
        match request.target.strip("/").split("/"):
            case ["simple", project] if project in self._offered:
                links = (
                    f'<a href="/files/{project}/{name}#sha256={each.sha256}">{name}</a><br>'
                    for name, each in self._offered[project].items()
                )
                page = f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>"
                return Response(200, page.encode(), "text/html")
            case ["files", project, name] if name in self._offered.get(project, {}):
                if request.method == "GET":
                    self.downloaded.append(name)
                contents = self._offered[project][name].contents
                return Response(200, contents, "application/octet-stream")
            case _:
                return Response(404)
