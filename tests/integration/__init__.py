"""The shell, tested against fakes on real sockets."""
