"""What came of a bench: a table on the terminal, and a report in a folder."""
