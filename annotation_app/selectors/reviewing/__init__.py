"""Disputes, flags and discussions."""
