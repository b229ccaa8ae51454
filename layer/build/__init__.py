"""Builds the layer: two static executables and a reproducible zip for each architecture."""
