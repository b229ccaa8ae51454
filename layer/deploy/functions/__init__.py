"""Functions in Lambda, and what `attach` makes of one."""
