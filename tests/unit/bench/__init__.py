"""The benchmarks' own code, which no benchmark runs to test it."""
