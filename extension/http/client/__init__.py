"""The client's side of HTTP: connections to a server, in the clear or over TLS."""
