"""What a warm read costs, beside a server in Go, and what memory reads take."""
