"""Tests of files that users name."""
