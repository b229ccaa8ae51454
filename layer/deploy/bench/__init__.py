"""`warmkey bench`: cold starts of a real function on a real account, with and without the layer."""
