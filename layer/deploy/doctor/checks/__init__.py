"""What there is to look at: facts go in, findings come out."""
