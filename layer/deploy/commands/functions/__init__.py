"""The commands that are about functions."""
