"""The Lambda Extensions API: its client, and what that sends and receives."""
