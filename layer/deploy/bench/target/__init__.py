"""What is measured: a function as it is, the copies of it, and its two arms."""
