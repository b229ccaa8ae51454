"""Servers that are not who they should be."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.case import Case
from tests.chaos.upstream_world import Upstream
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority, Certificate


def _refused(flawed: Callable[[Authority, Path], Certificate]) -> Callable[[Path], str]:
    """Begin with a flawed certificate, mend it, and have it again while the secrets are rotated."""

    def attempt(layer: Path) -> str:
        with TemporaryDirectory() as name:
            folder = Path(name)
            authority = Authority(folder / "trusted")
            good, flawed_one = authority.issue(), flawed(authority, folder)
            aws = FakeAws(good)
            aws.impersonate(flawed_one)
            with Upstream(aws) as world:
                world.start(layer, {"AWS_ENDPOINT_URL": f"https://localhost:{aws.port}"})
                first = world.fails("untrusted")
                assert aws.calls == []
                aws.impersonate(good)
                world.comes_to_serve(1)
                world.rotate()
                aws.impersonate(flawed_one)
                aws.drop_connections()
                calls = len(aws.calls)
                meanwhile = world.serves_stale(1)
                assert len(aws.calls) == calls
                aws.impersonate(good)
                after = world.comes_to_serve(2)
        return f"{first}; {meanwhile}; then {after}"

    return attempt


CASES = [
    Case("a certificate has expired", _refused(lambda trusted, _: trusted.issue_expired())),
    Case(
        "a certificate is another host's", _refused(lambda trusted, _: trusted.issue("example.org"))
    ),
    Case(
        "a certificate names the host as its subject alone",
        _refused(lambda trusted, _: trusted.issue_without_san("localhost")),
    ),
    Case(
        "a certificate is by an unknown authority",
        _refused(lambda _, folder: Authority(folder / "other").issue()),
    ),
]
