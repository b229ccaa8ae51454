"""Tests of the client's side of HTTP."""
