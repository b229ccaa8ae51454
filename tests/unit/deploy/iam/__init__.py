"""`warmkey.deploy.iam`, without AWS."""
