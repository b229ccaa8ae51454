"""The fakes are as what they stand for."""
