"""What the agreement dashboard shows, read from the live store; for its pages and files."""
