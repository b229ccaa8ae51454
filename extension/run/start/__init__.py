"""A start: everything up to the first request upstream, its phases and its failures."""
