"""The rules of `attach` for infrastructure as code."""
