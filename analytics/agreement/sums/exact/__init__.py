"""Exact sums: the moments of the live store as integers over a common denominator.

What one change adds the next subtracts to the last digit, so that folding leaves no drift and a
rebuild must give equal numbers. Pure; `annotation_app` stores what is computed here.
"""
