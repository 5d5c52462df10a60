"""Files of dataset versions that may still be handed out."""
