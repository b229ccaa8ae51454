"""The lock, and having what it names."""
