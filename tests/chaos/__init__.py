"""What goes wrong in life, tried on the built executable as a process of its own.

A module beside this one holds the cases of one area and lists them as `CASES`; `areas` lists the
areas. `make chaos` tries each case many times and prints a table; `make test` tries each once.
"""
