"""Requests of clients: who may ask, and what the request asks for."""
