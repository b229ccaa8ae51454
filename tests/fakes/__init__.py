"""Small typed servers that stand in for others, on loopback and a port of their own."""
