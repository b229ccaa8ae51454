"""Tests of the client of AWS."""
