"""`warmkey doctor`: what will go wrong with a function, before it does.

Each module here looks at one thing, and is told the facts; only `inquiry` asks AWS for them.
"""
