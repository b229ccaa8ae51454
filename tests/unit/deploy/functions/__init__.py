"""`warmkey.deploy.functions`, without AWS."""
