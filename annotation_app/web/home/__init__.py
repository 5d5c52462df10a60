"""The first page after signing in, and a person's own settings."""
