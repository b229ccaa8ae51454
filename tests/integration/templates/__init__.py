"""The templates deploy what they say."""
