"""A demo business with the texture of the real thing, the same for the same seed and day."""
