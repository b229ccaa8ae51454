"""What Warmkey costs a function, in every language."""
