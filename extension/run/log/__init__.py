"""The log: lines of JSON on standard output."""
