"""Each language's example function, built as for Lambda, with the runtime client that runs it."""
