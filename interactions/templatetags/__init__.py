"""Words and signs for the templates of the interactions app."""
