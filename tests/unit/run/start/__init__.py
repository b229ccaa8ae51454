"""Tests of a start."""
