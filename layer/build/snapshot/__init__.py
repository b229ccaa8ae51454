"""The snapshot: taken of a seed, put in order, and made an executable."""
