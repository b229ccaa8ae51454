"""The endpoint's server: its listening socket and its clients' connections."""
