"""In the daemon's place: tries what the standard library and the interpreter should do."""
