"""The layer's zips, and the versions of it that are published in Lambda."""
