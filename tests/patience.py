"""How long the tests wait for what must come."""

PATIENCE = 60.0
"""Seconds: a deadline and never an expectation, so long that a busy machine keeps it, too."""
