"""What the user declared: settings, references, stages, files."""
