"""What a warm read costs, beside AWS's agent and a server in Go, and what memory reads take."""
