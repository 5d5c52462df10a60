"""Verifications of the audit log."""
