"""What pages and the API answer with, as plain JSON values; below both, above what they read."""
