"""What a start that is played talks to: Lambda's API, AWS over TLS, and a client.

Run by the seed in a process of its own, with the descriptors of two listening sockets, the port of
the daemon's endpoint, the number of its process, and the kind of certificate. One thing happens
after the other, whatever the speed of the machine: a secret is read once before it has arrived, and
once afterwards.
"""

from __future__ import annotations

import _socket
import _ssl
import posix
import sys

REGISTERED = (
    b'{"functionName":"canary-function","functionVersion":"$LATEST","handler":"app.handler"}'
)
PARAMETER = (
    b'{"ARN":"arn:aws:ssm:eu-central-1:123456789012:parameter/canary/name","DataType":"text",'
    b'"LastModifiedDate":1.7e9,"Name":"/canary/name","Type":"SecureString",'
    b'"Value":"{\\"key\\":\\"canary-value\\"}","Version":1}'
)
READ = (
    b"GET %s HTTP/1.1\r\nHost: 127.0.0.1:2773\r\nX-Aws-Parameters-Secrets-Token: canary-token\r\n"
    b"Accept: */*\r\n\r\n"
)
CHUNK = 65536


class Socket(_socket.socket):
    """One to which TLS can keep a weak reference."""


def settle() -> None:
    """Wait until every thread of the daemon waits, and would go on doing so.

    Raises:
        EOFError: It has ended.
    """
    before = None
    while True:
        try:
            now = [thread_state(number) for number in posix.listdir(f"/proc/{client}/task")]
        except (FileNotFoundError, ProcessLookupError):  # a thread has ended meanwhile
            continue
        if any(b"\nState:\tZ" in state for state in now):
            raise EOFError("the daemon has ended")
        if now == before and all(b"\nState:\tS" in state for state in now):
            return
        before = now


def thread_state(number: str) -> bytes:
    """What the kernel tells of a thread, how often it has run among it."""
    descriptor = posix.open(f"/proc/{client}/task/{number}/status", posix.O_RDONLY)
    try:
        return posix.read(descriptor, CHUNK)
    finally:
        posix.close(descriptor)


def accepted(listener: Socket) -> Socket:
    """The next connection."""
    return Socket(fileno=listener._accept()[0])  # type: ignore[attr-defined]


def received(connection: Socket | _ssl._SSLSocket) -> bytes:
    """A message's head, and as much of a body as it announces."""
    receive = getattr(connection, "recv", None) or connection.read
    message = b""
    while b"\r\n\r\n" not in message:
        message += more(receive(CHUNK))
    head, _, body = message.partition(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length:")
    while len(body) < int(length.split(b"\r\n")[0] or 0):
        body += more(receive(CHUNK))
    return head + b"\r\n\r\n" + body


def more(data: bytes) -> bytes:
    """What has come.

    Raises:
        EOFError: Nothing will come any more.
    """
    if not data:
        raise EOFError
    return data


def response(body: bytes, *headers: bytes) -> bytes:
    """A successful one."""
    lines = (b"HTTP/1.1 200 OK", b"Content-Type: application/json", *headers)
    return b"\r\n".join((*lines, b"Content-Length: %d" % len(body), b"", body))


def ask(connection: Socket, path: bytes) -> None:
    """Send a client's request."""
    connection.sendall(READ % path)


def expect(connection: Socket, wanted: bytes) -> None:
    """Receive the response to a client's request.

    Raises:
        ValueError: It is another one.
    """
    got = received(connection)
    if not got.startswith(b"HTTP/1.1 200 ") or not got.endswith(wanted):
        raise ValueError(got)


def reader() -> Socket:
    """A connection to the daemon."""
    connection = Socket(_socket.AF_INET, _socket.SOCK_STREAM)
    connection.connect(("127.0.0.1", port))
    return connection


port, client, kind = int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
api = accepted(Socket(fileno=int(sys.argv[1])))
received(api)
context = _ssl._SSLContext(_ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"rehearsal/{kind}-server.pem")
if kind == "ec":  # the other one chooses what AWS's newest servers do, ML-KEM beside X25519
    context.set_ecdh_curve("X25519")
plain = accepted(Socket(fileno=int(sys.argv[2])))
aws = context._wrap_socket(plain, True)  # type: ignore[attr-defined]
aws.do_handshake()
many = b"GetParameters" in received(aws)
settle()
api.sendall(response(REGISTERED, b"Lambda-Extension-Identifier: canary-identifier"))
settle()
early = reader()
settle()
ask(early, b"/v1/secrets/KEY")
settle()
body = b'{"InvalidParameters":[],"Parameters":[%s]}' if many else b'{"Parameter":%s}'
aws.write(response(body % PARAMETER))
expect(early, b'{"key":"canary-value"}')
received(api)  # the daemon is ready
settle()
ask(early, b"/v1/secrets/KEY")
expect(early, b'{"key":"canary-value"}')
early.close()
settle()
posix.kill(client, 9)
