"""What is compiled and linked."""
