"""Files of trained reward models."""
