"""The Warmkey daemon: a Lambda extension that has a function's secrets warm before its handler is."""

VERSION = "0.1.0"
