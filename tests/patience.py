"""How long the tests wait for what must come, and how long what they test does."""

PATIENCE = 60.0
"""Seconds: a deadline and never an expectation, so long that a busy machine keeps it, too."""

PATIENT = {"WARMKEY_UPSTREAM_TIMEOUT_MILLIS": "60000", "WARMKEY_PREFETCH_TIMEOUT_MILLIS": "60000"}
"""What lets a fake AWS be slow: no call is given up and made again, and init waits for it."""
