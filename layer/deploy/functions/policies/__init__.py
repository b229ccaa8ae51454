"""The inline policies of functions' roles."""
