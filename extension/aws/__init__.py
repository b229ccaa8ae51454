"""What is asked upstream: calls, responses, signing, credentials, fetching."""
