"""What an operator reads: changes, questions, progress and failures."""
