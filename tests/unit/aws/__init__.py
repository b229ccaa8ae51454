"""Signing, credentials, fetching and prefetch."""
