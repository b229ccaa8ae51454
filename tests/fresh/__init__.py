"""`make run` and `make test` from a clone, on machines that have nothing: `make fresh`."""
