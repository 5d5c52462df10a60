"""Pages of collections: what is in them, and how more comes in."""
