"""Request targets that try to name something else than they seem to."""

from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.endpoint_heads import refused
from tests.chaos.endpoint_world import KEY, disturbed
from tests.chaos.world import VALUE
from tests.integration.raw_client import RawClient


def _percent_encoded(layer: Path) -> str:
    """What is not UTF-8 is refused; the rest is decoded once, and names an alias or nothing."""
    malformed = ["%", "%2", "%%32", "%zz", "%c0%af", "%c0%ae%c0%ae", "%e0%80%af", "%ed%a0%80"]
    elsewhere = ["/v1%2Fsecrets/KEY", "/v1/%73ecrets/KEY", "/%2e%2e/ping", "/ping%00", "/%70ing"]
    unknown = ["KEY%00", "%00KEY", "%2e%2e/status", "..%2Fstatus", "../status", "KEY%2F", "KEY/."]
    unknown += ["%4b%65%79", "%254bEY", "db%252Fkey", "db//key", "db%5Ckey", "KEY%0d%0aX-A:%20b"]
    with disturbed(layer) as daemon:
        refused(daemon, (daemon.request(f"{KEY}{each}") for each in malformed), 400)
        refused(daemon, (daemon.request(each) for each in elsewhere), 404)
        with RawClient(daemon.port) as client:
            for alias in unknown:
                answer = client.ask(daemon.request(f"/v1/secrets/{alias}"))
                assert answer.status == 404, f"{alias} is answered {answer.status}"
                assert VALUE.encode() not in answer.body
            for alias in ("KEY", "%4bEY", "%4BE%59", "db/key", "db%2Fkey", "d%62%2fkey"):
                assert client.ask(daemon.request(f"/v1/secrets/{alias}")).body == VALUE.encode()
    return "400, 404, or the very secret that is named; others unharmed"


def _absolute_form(layer: Path) -> str:
    """It is answered where it names loopback (RFC 9112 §3.2.2), and refused elsewhere."""
    elsewhere = ["http://evil.example", "http://127.0.0.1.evil.example", "http://a@127.0.0.1"]
    elsewhere += ["http://169.254.169.254", "http://", "http://127.0.0.1@evil.example:80"]
    malformed = ["https://127.0.0.1", "ftp://127.0.0.1", "127.0.0.1:2773", "*", "http:"]
    with disturbed(layer) as daemon:
        refused(daemon, (daemon.request(each + KEY) for each in elsewhere), 403)
        refused(daemon, (daemon.request(each + KEY) for each in malformed), 400)
        with RawClient(daemon.port) as client:
            for start in (f"http://127.0.0.1:{daemon.port}", "HTTP://LocalHost", "http://[::1]:1"):
                assert client.ask(daemon.request(start + KEY)).body == VALUE.encode()
    return "the value from loopback's names, 403 from others; others unharmed"


CASES = [
    Case("percent-encoding tricks", _percent_encoded),
    Case("absolute-form targets", _absolute_form),
]
