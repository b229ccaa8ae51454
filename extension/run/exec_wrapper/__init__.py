"""The exec wrapper: starts a program with secrets in its environment."""
