"""One target each."""
