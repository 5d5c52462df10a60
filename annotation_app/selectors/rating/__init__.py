"""Counted scores, an annotator's own work, and who is blind to what."""
