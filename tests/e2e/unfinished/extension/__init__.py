"""In the daemon's place: tries on the unfinished interpreter what a cold start might come to."""
