"""Ratings: judgements checked, submitted and revised; drafts, flags and keys beside them."""
