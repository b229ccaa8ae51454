"""Signed calls to an AWS service."""
