"""Writing and publishing guidelines."""
