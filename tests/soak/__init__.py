"""Soak: a daemon that is read and refreshed for long holds no more in the end than early on."""
