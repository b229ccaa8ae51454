"""What a start of an extension costs by itself, beside others that do the same."""
