"""What ships for other languages."""
