"""`warmkey.deploy.layers`, without AWS."""
