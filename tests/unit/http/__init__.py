"""HTTP/1.1, TLS and addresses."""
