"""What clients of the local endpoint see: routes, access, responses, status."""
