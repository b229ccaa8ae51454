"""The constructs, plugins and modules on real input, by their own tools."""
