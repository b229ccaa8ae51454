"""What the user has declared."""
