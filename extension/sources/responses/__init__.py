"""Responses of the services, read: what was found, or what failed and why."""
