"""The thin clients, each on a real socket: what all of them do, and what is one's own."""
