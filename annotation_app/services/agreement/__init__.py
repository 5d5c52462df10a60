"""Keeping the live store of agreement: folding changes, rebuilding and comparing."""
