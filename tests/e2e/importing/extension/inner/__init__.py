"""A package that imports a module of its own."""

from .leaf import NAME

__all__ = ["NAME"]
