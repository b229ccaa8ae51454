"""Benchmarks: what Warmkey costs, beside others that do the same, in one run."""
