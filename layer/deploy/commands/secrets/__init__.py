"""The commands that are about secrets."""
