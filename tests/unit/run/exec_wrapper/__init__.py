"""Tests of the exec wrapper."""
