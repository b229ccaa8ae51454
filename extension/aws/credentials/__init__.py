"""Whose credentials sign: where they come from, and which roles are assumed with them."""
