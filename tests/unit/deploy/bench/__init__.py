"""`warmkey.deploy.bench`, without AWS."""
