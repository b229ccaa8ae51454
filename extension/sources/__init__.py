"""What can be read upstream: each kind of source, its calls, its responses and its errors."""
