"""`warmkey.deploy.output`, without AWS."""
