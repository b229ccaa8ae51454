"""The bill of materials and the zip."""
