"""Tests of Warmkey."""
