"""Reads: querysets and tables for pages, exports and statistics."""
