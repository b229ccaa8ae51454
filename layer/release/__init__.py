"""Everything that one version of Warmkey consists of, in one folder: `make release`."""
