"""Talk about items."""
