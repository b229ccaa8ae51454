"""HTTP/1.1 servers that others wrote, for the daemon's client side to talk to."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiohttp import web

from extension.http.address import Address
from tests.fakes.http_service import LOOPBACK
from tests.patience import PATIENCE

_LOOK_AGAIN = 0.01  # seconds between the checks of `serve_forever` for its end
_LARGEST = 1 << 22  # bytes of a request's body


class StandardHandler(BaseHTTPRequestHandler):
    """The standard library's server: echoes a body, with its length or until the end."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Echo."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200, "Fine")
        if self.path == "/until-closed":
            self.close_connection = True  # and nothing says so
        else:
            self.send_header("Content-Length", str(len(body)))
        if self.path == "/close":
            self.send_header("Connection", "close")
        self.send_header("X-Client", str(self.client_address[1]))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """Answer without a body."""
        self.send_response(204 if self.path == "/nothing" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class OldHandler(StandardHandler):
    """The same, in HTTP/1.0."""

    protocol_version = "HTTP/1.0"


@contextmanager
def standard_server(
    handler: type[StandardHandler] = StandardHandler, tls: ssl.SSLContext | None = None
) -> Iterator[Address]:
    """The server of `http.server`, in the clear or with TLS."""
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(_LOOK_AGAIN,))
        thread.start()
        try:
            yield Address(LOOPBACK, server.server_address[1], secure=tls is not None)
        finally:
            server.shutdown()
            thread.join()


async def in_chunks(request: web.Request) -> web.StreamResponse:
    """Echo in chunks, ten at most."""
    body = await request.read()
    assert request.transport is not None
    client = request.transport.get_extra_info("peername")[1]
    response = web.StreamResponse(headers={"X-Client": str(client)})
    response.enable_chunked_encoding()
    await response.prepare(request)
    step = len(body) // 10 + 1
    for start in range(0, len(body), step):
        await response.write(body[start : start + step])
    await response.write_eof()
    return response


async def never(_: web.Request) -> web.StreamResponse:
    """Answer nothing."""
    await asyncio.Event().wait()
    raise AssertionError


@contextmanager
def aiohttp_server() -> Iterator[Address]:
    """The server of aiohttp, in the clear."""
    ready: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        application = web.Application(client_max_size=_LARGEST)
        application.router.add_post("/", in_chunks)
        application.router.add_get("/never", never)
        runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, 0).start()
        stopped = asyncio.Event()
        ready.set_result((runner.addresses[0][1], asyncio.get_running_loop(), stopped))
        await stopped.wait()
        await runner.cleanup()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    port, loop, stopped = ready.result(PATIENCE)
    try:
        yield Address(LOOPBACK, port)
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
