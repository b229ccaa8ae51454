"""`warmkey.deploy.secrets`, without AWS."""
