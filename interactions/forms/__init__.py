"""Forms of the interactions app."""
