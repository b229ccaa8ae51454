"""Parts of the documentation that are made from what they describe, each time it is built."""
