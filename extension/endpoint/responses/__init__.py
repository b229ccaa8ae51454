"""Responses to clients: secrets, and what went wrong."""
