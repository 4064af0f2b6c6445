"""The forms of the customers app."""
