"""The plain extension on boto3: registers, reads one SSM parameter and serves it on localhost."""

import http.client
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_API = "/2020-01-01/extension"


class Extension:
    """An extension that registers with Lambda when it is made."""

    def __init__(self, api: str, name: str) -> None:
        self._api = http.client.HTTPConnection(api)
        self._headers = {"Lambda-Extension-Name": name}
        headers, _ = self._call("POST", "/register", json.dumps({"events": ["SHUTDOWN"]}))
        identifier = headers["Lambda-Extension-Identifier"]
        self._headers = {"Lambda-Extension-Identifier": identifier}

    def wait_for_shutdown(self) -> None:
        """Ask for events, which also says that initialisation is done."""
        event = ""
        while event != "SHUTDOWN":
            _, body = self._call("GET", "/event/next")
            event = json.loads(body)["eventType"]

    def _call(
        self, method: str, path: str, body: str | None = None
    ) -> tuple[http.client.HTTPMessage, bytes]:
        self._api.request(method, _API + path, body, self._headers)
        answer = self._api.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path}: status {answer.status}")
        return answer.headers, answer.read()


def read_parameter(name: str) -> str:
    """Read one parameter, decrypted."""
    import boto3  # after registering: it takes a quarter of a second

    answer = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)
    value: str = answer["Parameter"]["Value"]
    return value


def serve(port: int, alias: str, value: str) -> None:
    """Serve the value in the background."""
    path = f"/v1/secrets/{alias}"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = value.encode() if self.path == path else b""
            self.send_response(http.HTTPStatus.OK if body else http.HTTPStatus.NOT_FOUND)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log no request."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main() -> None:
    """Register first: Lambda starts the runtime when every extension has."""
    name = sys.argv[0].rpartition("/")[2]
    extension = Extension(os.environ["AWS_LAMBDA_RUNTIME_API"], name)
    alias, _, parameter = os.environ["BENCH_PARAMETERS"].partition("=")
    serve(int(os.environ["BENCH_PORT"]), alias, read_parameter(parameter))
    extension.wait_for_shutdown()


if __name__ == "__main__":
    main()
