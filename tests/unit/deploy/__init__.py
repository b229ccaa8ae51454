"""The operator's command: its parts, by package."""
