"""The executables of the layer: what is compiled and linked, and of what."""
