"""Tests of the endpoint's server."""
