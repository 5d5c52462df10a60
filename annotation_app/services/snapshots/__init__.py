"""Snapshots: taken whole, split, searched for leaks, with their statistics."""
