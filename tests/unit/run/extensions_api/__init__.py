"""Tests of the Lambda Extensions API."""
