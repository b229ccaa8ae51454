"""What a function's role may do."""
