"""The lives of the daemon: Lambda extension, sidecar, exec wrapper."""
