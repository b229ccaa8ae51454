"""The clients for handlers."""
