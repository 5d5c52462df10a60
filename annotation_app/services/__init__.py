"""Writes: one verb family per module, keyword-only, each with its audit event."""
