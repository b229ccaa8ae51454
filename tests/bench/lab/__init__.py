"""The cold-start lab: what functions pay to have their secrets in hand when they start."""
