"""What can be read upstream: each kind of source, its calls, its replies and its errors."""
