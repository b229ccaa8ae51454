"""Cold starts: forced, invoked, and read out of Lambda's log."""
