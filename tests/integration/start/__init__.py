"""The launcher and the exec wrapper."""
