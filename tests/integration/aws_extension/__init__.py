"""The daemon in the place of AWS's own Parameters and Secrets extension."""
