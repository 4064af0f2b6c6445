"""Pages about customers: who they are, who belongs to them, what we remember of them."""
