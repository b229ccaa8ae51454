"""What is held, how fresh it is, and who waits for it."""
