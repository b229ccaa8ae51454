"""Whether what the project is made of has known vulnerabilities."""
