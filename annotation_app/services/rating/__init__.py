"""Ratings: judgements checked, submitted and revised; with drafts, flags and keys."""
