"""HTTP/1.1 and TLS over sockets, and the loop that waits for them."""
