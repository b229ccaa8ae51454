"""The build, its tools and a release."""
