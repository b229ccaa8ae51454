"""Everything that parses what others wrote, fed with what nobody would write.

A module in `targets` holds one target: a parser, and what must be true of it whatever it is fed.
`corpus` holds, for each target, the inputs that the search starts from, as text. `make test` runs
each target for a moment; `make fuzz` searches for as long as it is told, and prints a table.
"""
