"""The Warmkey daemon: an extension that has a function's secrets warm before its handler is."""

VERSION = "0.1.0"
