"""Start, life and log of the daemon."""
