"""What many cold starts at one instant wait for, against an account's quota."""
