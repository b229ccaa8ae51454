"""Stands in the daemon's place: imports of every kind, in an interpreter of frozen modules."""
