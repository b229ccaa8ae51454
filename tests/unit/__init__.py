"""Pure modules, tested as values."""
