"""What the layer is built from: the lock, and having what it names."""
