"""The status of the daemon, and the queue of those who ask for it."""
