"""What is held, and who waits for it."""
