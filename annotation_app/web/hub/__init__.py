"""Pages that send a finished folder to a hub."""
