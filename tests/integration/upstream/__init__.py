"""Connections, TLS, credentials and workers, on real sockets."""
