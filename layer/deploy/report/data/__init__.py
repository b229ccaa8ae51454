"""What a bench measured, as `bench.json` holds it."""
