"""Pages of a person's own API tokens."""
