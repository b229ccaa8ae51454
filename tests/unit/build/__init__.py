"""The build of the layer, a module each."""
