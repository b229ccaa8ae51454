"""Environment variables: how they are read, and what their names mean."""
