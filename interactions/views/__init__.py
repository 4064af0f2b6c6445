"""Pages and answers of the interactions app."""
