"""The daemon beside a server or a container."""
