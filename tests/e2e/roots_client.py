"""Run by the layer's Python: shake hands with hosts 0.test to COUNT.test at a port.

Writes a line for each: why its certificate is refused, or `trusted`.
"""

import socket
import ssl
import sys

port, count = map(int, sys.argv[1:])
for number in range(count):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_default_verify_paths()
    with socket.create_connection(("127.0.0.1", port)) as plain:
        try:
            context.wrap_socket(plain, server_hostname=f"{number}.test").close()
        except ssl.SSLCertVerificationError as error:
            sys.stdout.write(f"{error.verify_message}\n")
        else:
            sys.stdout.write("trusted\n")
