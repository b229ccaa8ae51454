"""`warmkey.deploy.doctor`, without AWS."""
