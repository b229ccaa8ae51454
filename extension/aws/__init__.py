"""What is asked upstream: calls, replies, signing, credentials, fetching."""
