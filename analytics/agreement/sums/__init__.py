"""Sums that can be merged: what each unit, item and rater adds, on few levels and on many."""
