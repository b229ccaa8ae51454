"""What a project declares, and what is stored for it."""
