"""Each kind of source: its requests, replies and errors."""
