"""The commands: each is the `command` of a module."""
