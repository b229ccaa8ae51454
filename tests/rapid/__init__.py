"""The real Rapid core of AWS Lambda, run on this machine."""
