"""`warmkey.deploy.report`, without AWS."""
