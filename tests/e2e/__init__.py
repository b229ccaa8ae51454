"""The whole thing, on the real Rapid core."""
